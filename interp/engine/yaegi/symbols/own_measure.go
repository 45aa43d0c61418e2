package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/measure"
)

var ownMeasure = map[string]reflect.Value{
	"Allocs":          reflect.ValueOf(measure.Allocs),
	"Bytes":           reflect.ValueOf(measure.Bytes),
	"CPU":             reflect.ValueOf(measure.CPU),
	"Case":            reflect.ValueOf((*measure.Case)(nil)),
	"Code":            reflect.ValueOf(measure.Code),
	"Compare":         reflect.ValueOf(measure.Compare),
	"Comparison":      reflect.ValueOf((*measure.Comparison)(nil)),
	"Frame":           reflect.ValueOf((*measure.Frame)(nil)),
	"Interpreted":     reflect.ValueOf(measure.Interpreted),
	"Kind":            reflect.ValueOf((*measure.Kind)(nil)),
	"Library":         reflect.ValueOf(measure.Library),
	"Measure":         reflect.ValueOf(measure.Measure),
	"Metric":          reflect.ValueOf((*measure.Metric)(nil)),
	"Metrics":         reflect.ValueOf(measure.Metrics),
	"NewPlan":         reflect.ValueOf(measure.NewPlan),
	"PeakRSS":         reflect.ValueOf(measure.PeakRSS),
	"Picture":         reflect.ValueOf((*measure.Picture)(nil)),
	"Plan":            reflect.ValueOf((*measure.Plan)(nil)),
	"Profile":         reflect.ValueOf((*measure.Profile)(nil)),
	"ProfileBlocking": reflect.ValueOf(measure.ProfileBlocking),
	"ProfileCPU":      reflect.ValueOf(measure.ProfileCPU),
	"ProfileMutex":    reflect.ValueOf(measure.ProfileMutex),
	"ProfileRow":      reflect.ValueOf((*measure.ProfileRow)(nil)),
	"Ratio":           reflect.ValueOf((*measure.Ratio)(nil)),
	"Result":          reflect.ValueOf((*measure.Result)(nil)),
	"Row":             reflect.ValueOf((*measure.Row)(nil)),
	"Running":         reflect.ValueOf(measure.Running),
	"Runtime":         reflect.ValueOf(measure.Runtime),
	"Share":           reflect.ValueOf((*measure.Share)(nil)),
	"Sleeping":        reflect.ValueOf(measure.Sleeping),
	"Stack":           reflect.ValueOf((*measure.Stack)(nil)),
	"Task":            reflect.ValueOf(measure.Task),
	"Tasks":           reflect.ValueOf(measure.Tasks),
	"Timeline":        reflect.ValueOf(measure.Timeline),
	"Wait":            reflect.ValueOf(measure.Wait),
	"Waiting":         reflect.ValueOf(measure.Waiting),
	"Wall":            reflect.ValueOf(measure.Wall),
}
