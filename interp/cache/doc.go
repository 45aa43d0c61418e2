// Package cache keeps the folder of what gobraid builds within a size.
//
// What was used longest ago goes first ([Prune]). Any number of sessions may run meanwhile: each has a
// [Hold], a folder of its own with links to the archives that its later cells are built with, which is
// locked as long as the session's process lives. Nothing in it is touched; when the process has ended,
// however it ended, the next Prune removes the folder. A built cell that goes between being found and
// being held is built again.
package cache
