// Package modules gives cells the packages of Go modules: those that the go.mod beside the notebook requires.
//
// "Beside" is what it is for the go command: the nearest go.mod from the session's working directory upwards, with its
// go.sum, a go.work and vendored packages as the go command sees them. A [Set] asks the go command where a
// package lies, compiled as the running binary is, and reads its types from there. [Set.Get] adds requirements.
//
//	set := modules.New(modules.Options{Importer: importer, Flags: compiled.HostFlags(), Host: compiled.HostPackage})
//	importer.Fallback = set
//	err := set.Resolve(ctx, []string{"github.com/x/y"}) // before a cell that imports it is checked
//
// # What cannot be imported
//
// Each is an error of the import, with what to do:
//
//   - a package that no requirement provides,
//   - one that does not compile, or is a program, or another module's internal one,
//   - one that needs cgo, directly or not: the session builds nothing but Go and assembly,
//   - one that needs a package at another version than the one gobraid itself is built with, as a process
//     can hold a package only once,
//   - one that has changed since the session first imported it: what is loaded cannot be unloaded.
//
// # Costs
//
// The go command is asked once for a package of a fixed version, and whenever a cell imports one that lies in a folder of the
// user's, as it may have changed. That takes 0.1 to 0.3 s when nothing has to be compiled.
package modules
