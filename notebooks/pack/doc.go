// Package pack puts a notebook and what it needs into one archive, and takes it out of one.
//
//	manifest, err := pack.Collect(ctx, "report.ipynb", pack.Options{Vendor: true})
//	…
//	err = manifest.Write(w, pack.TarGz)
//
//	manifest, err := pack.Extract("report.tar.gz", "folder", "")
//	notebook := filepath.Join("folder", manifest.Notebook)
//
// # What goes in
//
//   - the notebook as it is, with its outputs, and the run record beside it;
//   - data: what the notebook's metadata name under gobraid.data (a list of files, folders and patterns), what [Options.Data] names, and
//     what the cells mention: a string that is the name of a file or folder below the notebook's folder, the patterns of //go:embed, the
//     pictures of Markdown cells. That is all that can be known without running it: a name that a program puts together has to
//     be listed;
//   - if cells import packages of modules: go.mod and go.sum, packages of the main module and of modules that a replace directive
//     takes from a folder, and, with Options.Vendor, all packages of other modules as go mod vendor copies them, so that nothing is fetched.
//
// The go.mod may be in a folder above the notebook's; the archive then begins there, and holds nothing else of it. A go.work is refused.
//
// # The archive
//
// A .tar.gz or .zip whose first file, gobraid-pack.json, is the [Manifest]: all files with their sizes and SHA-256. The same files
// make the same archive, byte for byte.
//
// # Taking it out
//
// [Extract] writes only files that the manifest lists, regular ones, below the folder it is given, and refuses an archive that holds another
// file, lacks one, has one twice, or one of another size or content. That notices damage and careless changes. Who changes a file can change the
// manifest too; its digest, which gobraid pack prints and gobraid run --digest asks for, tells whether it is the one that was sent.
package pack
