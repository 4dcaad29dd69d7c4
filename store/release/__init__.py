"""What is given away: tables of figures, observations and articles, and a module for each form of file."""
