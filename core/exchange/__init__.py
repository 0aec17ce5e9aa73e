"""Excel in and out: one table of COLUMNS is read by the template, the import and the export."""
