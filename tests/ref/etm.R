# Writes the inputs of T10 and T11 from Debian's r-cran-etm: Rscript etm.R FOLDER
folder <- commandArgs(TRUE)[1]
if (!requireNamespace("etm", quietly = TRUE)) quit(status = 77)
data(abortion, los.data, package = "etm")
write.csv(abortion, file.path(folder, "abortion.csv"), row.names = FALSE)
write.csv(los.data, file.path(folder, "los.csv"), row.names = FALSE)
