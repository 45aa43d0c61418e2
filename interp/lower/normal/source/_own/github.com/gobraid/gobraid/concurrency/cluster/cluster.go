// The generic part of package cluster, over a compiled helper that knows types by reflection. A program that is compiled has the package itself;
// the documentation is there.
package cluster

import "rt"

func Copying[T any](p *Pool, v T) *Pool {
	value := new(T)
	*value = v
	return rt.ClusterCopying(p, value)
}
