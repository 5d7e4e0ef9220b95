"""Documents on their way in and out of the portal: exchange files, and packages for archives."""
