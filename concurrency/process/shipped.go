package process

// A Shipped is what a [Call] has as its function if that is in no executable: one that is interpreted. It says what makes it in another
// process.
type Shipped interface {
	// Name returns the name of the function.
	Name() string
	// Key is the same for the same function, and another for any other.
	Key() string
	// Ship returns the name of a [Loader] in the worker, and what that is given.
	Ship() (loader string, data []byte, err error)
}
