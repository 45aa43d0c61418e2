// Package experiment records the results of experiments, so that runs of a notebook can be collected and compared. In a cell of
// gobraid it is there without an import.
//
//	start := time.Now()
//	work(workers)
//	experiment.Record("total", time.Since(start), "s")
//	experiment.Record("done", n, "tasks")
//
// # Records
//
// [Record] shows a line under the cell, as text for people and as [MIME] for programs, and so arrives wherever the
// notebook is run: in JupyterLab, by nbclient, by papermill and by gobraid run, and it stays in the stored notebook. There is no
// state beside that: what is recorded is what the notebook shows. A name may be recorded several times; each is a row.
//
// # Parameters and runs
//
// What an experiment depends on stands in a cell that is tagged parameters, as plain Go:
//
//	workers := 4
//	n := 1_000_000
//	seed := uint64(1)
//
// and is replaced, checked by Go's types, with
//
//	gobraid run -p workers=8 -p n=1e6 NOTEBOOK.ipynb
//	gobraid run --matrix workers=1,2,4,8 --matrix n=1e5,1e6 --jobs 2 -o results NOTEBOOK.ipynb
//
// The second runs the notebook once for each combination and writes what they recorded to results/results.csv, results.json and
// results.svg, a row for each record: a [Table], which [Load] reads back, into a notebook say that writes the experiment up.
//
// Random numbers are repeatable when they come from a parameter: call it seed, or let its name end in Seed, and the run record
// names it among the seeds, as it does the seeds of %%virtual.
package experiment
