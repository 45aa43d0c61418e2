package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/cluster"
)

var ownCluster = map[string]reflect.Value{
	"At":           reflect.ValueOf(cluster.At),
	"Connect":      reflect.ValueOf(cluster.Connect),
	"DefaultLease": reflect.ValueOf(cluster.DefaultLease),
	"DeadLetter":   reflect.ValueOf((*cluster.DeadLetter)(nil)),
	"LostError":    reflect.ValueOf((*cluster.LostError)(nil)),
	"Pool":         reflect.ValueOf((*cluster.Pool)(nil)),
	"Pools":        reflect.ValueOf(cluster.Pools),
	"RefusedError": reflect.ValueOf((*cluster.RefusedError)(nil)),
	"Report":       reflect.ValueOf((*cluster.Report)(nil)),
	"Server":       reflect.ValueOf((*cluster.Server)(nil)),
	"Stats":        reflect.ValueOf((*cluster.Stats)(nil)),
	"ThisVersion":  reflect.ValueOf(cluster.ThisVersion),
	"Version":      reflect.ValueOf((*cluster.Version)(nil)),
	"Worker":       reflect.ValueOf((*cluster.Worker)(nil)),
	"WorkerStats":  reflect.ValueOf((*cluster.WorkerStats)(nil)),
}
