package task

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

// detail tells of an object what helps to see why nobody comes on with it.
func detail(o any) string {
	switch o := o.(type) {
	case nil:
		return ""
	case *sync.WaitGroup:
		if n, ok := counter(o); ok {
			return fmt.Sprintf("counter is %d", n)
		}
		return ""
	case []any:
		each := make([]string, len(o))
		for i, c := range o {
			each[i] = detail(c)
		}
		return strings.Join(each, "; ")
	}
	v := reflect.ValueOf(o)
	if v.Kind() != reflect.Chan {
		return ""
	}
	switch n, size := v.Len(), v.Cap(); {
	case v.IsNil():
		return "nil channel"
	case size == 0:
		return "unbuffered"
	case n == 0:
		return fmt.Sprintf("empty, 0 of %d", size)
	case n == size:
		return fmt.Sprintf("full, %d of %d", n, size)
	default:
		return fmt.Sprintf("%d of %d", n, size)
	}
}

// counter returns the counter of wg, if it is known where that is.
func counter(wg *sync.WaitGroup) (n int, ok bool) {
	if counterOffset < 0 {
		return 0, false
	}
	state := (*atomic.Uint64)(unsafe.Add(unsafe.Pointer(wg), counterOffset))
	return int(int32(state.Load() >> 32)), true
}
