"""Scrapy's settings: what Scrapy leaves open by default is closed here.

Names that begin with CHISO_ are read by this project's own parts.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

BOT_NAME = "chiso"
SPIDER_MODULES = ["crawler.spider"]
NEWSPIDER_MODULE = "crawler.spider"
# crawler/run.py puts the contact of whoever crawls into the brackets.
USER_AGENT = f"chiso/{version('chiso')} (figures from Vietnamese provincial news)"

# One request at a time per registrable domain (crawler/guards.py names the slots), never faster than
# the source's delay, which crawler/pace.py keeps. One request at a time in all: sources run side by side,
# each in its own crawler.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0
DOWNLOAD_TIMEOUT = 40
DNS_TIMEOUT = 20

ROBOTSTXT_OBEY = True  # by crawler/robots.py
ROBOTSTXT_USER_AGENT = "chiso"
COOKIES_ENABLED = False  # a page that wants a cookie is a refusal, not a puzzle
REDIRECT_MAX_TIMES = 6
METAREFRESH_MAXDELAY = 5  # front pages that reload themselves every few minutes are no redirects
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]  # never 403, 404, 410
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

DOWNLOAD_MAXSIZE = 5 * 1024 * 1024  # feeds and sitemaps may have more: crawler/spider.py
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
HTTPPROXY_ENABLED = False  # a proxy would resolve names itself, past crawler/guards.py
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
URLLENGTH_LIMIT = 2083
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
}

# The frontier of data/pages.db is queue and duplicate filter: Scrapy's own queues lose what was under way.
JOBDIR = None
SCHEDULER = "crawler.scheduler.FrontierScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
CONCURRENT_ITEMS = 1  # all that an answer gave is one item
SPIDER_MIDDLEWARES = {
    "crawler.scheduler.VisitMiddleware": 10,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the frontier knows the depth
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,  # nobody asks which requests are the first
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # its header would not outlive the run
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the guard is stricter
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.refresh.RefreshMiddleware": 580,
    "crawler.guards.GuardMiddleware": 50,
    "crawler.robots.RobotsMiddleware": 100,
    "crawler.politeness.PolitenessMiddleware": 560,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.unpacking.UnpackingMiddleware": 590,
    "crawler.pace.PaceMiddleware": 950,
}
ITEM_PIPELINES = {"crawler.pipelines.PagesPipeline": 100}
EXTENSIONS = dict.fromkeys(  # what is off anyway need not be loaded: the remote control brings a web server
    (
        "scrapy.extensions.feedexport.FeedExporter",
        "scrapy.extensions.memdebug.MemoryDebugger",
        "scrapy.extensions.remote_control.RemoteControl",
        "scrapy.extensions.spiderstate.SpiderState",
        "scrapy.extensions.telnet.TelnetConsole",
        "scrapy.extensions.throttle.AutoThrottle",
    )
)

LOG_LEVEL = "ERROR"  # what goes wrong with a request is counted
STATS_DUMP = False

CHISO_PAGES_PATH = str(Path(__file__).resolve().parent.parent / "data" / "pages.db")
CHISO_OVERLOAD_PAUSE = 30.0  # seconds after 429 and 503 without Retry-After, doubled at each attempt
CHISO_LONGEST_PAUSE = 300.0  # seconds; a host that wants more is left for this run
CHISO_PAGES_QUOTA = 0  # bytes that the page database may grow to; 0: what the disk holds
CHISO_EXCLUSIVE = False  # set by whoever holds the crawl's lock: leases of other runs are of dead ones
CHISO_RETRY_FAILED = False
CHISO_REVISIT_HOURS = [24, 168]  # after which a recent article is looked at again, once each
CHISO_BUSY_SECONDS = 10.0  # to wait while another program writes to the page database
CHISO_LOCK_SECONDS = 10.0  # to wait for another crawl's end: one whose program was killed takes a moment
