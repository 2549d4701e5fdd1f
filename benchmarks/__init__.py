"""Speed and accuracy, each by one command."""
