"""Reports that people hand in: composed once from the figures, then written as XLSX and as a page for printing."""
