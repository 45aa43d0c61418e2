package kernel

// isComplete answers is_complete_request.
func isComplete(k *Kernel, r *request) any {
	var c codeRequest
	if bad := parse(r, &c); bad != nil {
		return bad
	}
	if k.opts.IsComplete == nil {
		return isCompleteReply{Status: "unknown"}
	}
	status, indent := k.opts.IsComplete(c.Code)
	return isCompleteReply{status, indent}
}
