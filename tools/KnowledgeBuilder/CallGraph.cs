using System.Reflection;

namespace Gain.KnowledgeBuilder;

/// <summary>
/// What the framework's methods do and call, solved: a method is free when all that it calls is.
/// </summary>
internal sealed class CallGraph(Library library, Overrides overrides)
{
    private readonly Dictionary<MethodNode, List<MethodNode>> _callers = [];
    private readonly Dictionary<MethodNode, BodyFacts> _facts = [];

    public Library Library { get; } = library;

    /// <summary>Finds the verdicts.</summary>
    public void Solve()
    {
        FindWhatNeverReturns();
        var reader = new BodyReader(Library);
        var queue = new Queue<MethodNode>();
        foreach (MethodNode method in Library.Methods)
        {
            if (overrides.Find(method) is { } known)
            {
                method.IsFixed = true;
                Lower(method, known, "overrides.txt", queue);
            }
            else if (!method.HasBody)
            {
                Lower(method, WithoutBody(method, out string reason), reason, queue);
            }
            else
            {
                BodyFacts facts = reader.Read(method);
                Lower(method, facts.Verdict, facts.Reason, queue);
                foreach ((MethodNode called, _) in facts.Calls)
                {
                    if (!_callers.TryGetValue(called, out List<MethodNode>? callers))
                    {
                        _callers[called] = callers = [];
                    }

                    callers.Add(method);
                }

                _facts[method] = facts;
            }
        }

        while (queue.TryDequeue(out MethodNode? changed))
        {
            foreach (MethodNode caller in _callers.GetValueOrDefault(changed) ?? [])
            {
                Update(caller, changed, queue);
            }
        }
    }

    // What a virtual call may run is not certain to run.
    private void Update(MethodNode caller, MethodNode called, Queue<MethodNode> queue)
    {
        bool isCertain = _facts[caller].Calls.Any(call => call.Method == called && !call.IsVirtual);
        Verdict verdict = isCertain ? called.Verdict
            : (Verdict)Math.Min((int)called.Verdict, (int)Verdict.Unknown);
        Lower(caller, verdict, $"calls {called.FullId}", queue);
    }

    private static void Lower(MethodNode method, Verdict verdict, string? reason, Queue<MethodNode> queue)
    {
        if (verdict > method.Verdict && !(method.IsFixed && reason != "overrides.txt"))
        {
            method.Verdict = verdict;
            method.Reason = reason;
            queue.Enqueue(method);
        }
    }

    private void FindWhatNeverReturns()
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (MethodNode method in Library.Methods)
            {
                // The body of an intrinsic may be a throw that no compiled code ever contains.
                if (method is { NeverReturns: false, IsIntrinsic: false, Flow: { } flow, IsVirtual: false }
                    && !flow.FindReturning(index => BodyReader.EndsAt(Library, flow, index))[0])
                {
                    method.NeverReturns = true;
                    changed = true;
                }
            }
        }
    }

    private static Verdict WithoutBody(MethodNode method, out string reason)
    {
        reason = "";
        if (method.Type.IsDelegate)
        {
            // The function of a delegate is judged where the delegate is made.
            return method.Name is ".ctor" or "Invoke" ? Verdict.Free : Verdict.Unknown;
        }

        if (method.IsAbstract)
        {
            reason = "is abstract";
            return Verdict.Unknown;
        }

        if (method is { ReturnsReference: true } or { TakesObjectHandle: true })
        {
            reason = "is native code that returns an object";
            return Verdict.Unknown;
        }

        bool isNative = (method.Implementation & MethodImplAttributes.InternalCall) != 0
            || (method.Attributes & MethodAttributes.PinvokeImpl) != 0;
        reason = isNative ? "" : "has no body";
        return isNative ? Verdict.Free : Verdict.Unknown;
    }
}
