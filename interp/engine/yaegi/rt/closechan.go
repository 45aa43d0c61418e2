package rt

import "reflect"

// closeChan closes a channel. What it panics with is what close panics with.
func closeChan(c any) { reflect.ValueOf(c).Close() }
