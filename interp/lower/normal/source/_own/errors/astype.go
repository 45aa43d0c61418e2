package errors

// AsType finds the first error in err's tree that matches the type E.
func AsType[E error](err error) (E, bool) {
	target := new(E)
	ok := As(err, target)
	return *target, ok
}
