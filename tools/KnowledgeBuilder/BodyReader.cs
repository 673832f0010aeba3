using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Gain.KnowledgeBuilder;

/// <summary>Reads a method's IL: what it creates, and what it calls.</summary>
internal sealed class BodyReader(Library library)
{
    // Comparers, and whatever else a caller hands in: what those allocate is said where they are written.
    private static readonly HashSet<string> s_ofTheCaller =
    [
        "System.Collections.Generic.IEqualityComparer`1", "System.Collections.Generic.EqualityComparer`1",
        "System.Collections.Generic.IComparer`1", "System.Collections.Generic.Comparer`1",
    ];

    public BodyFacts Read(MethodNode method)
    {
        var facts = new BodyFacts();
        FlowGraph flow = method.Flow!;
        if (method.NeverReturns)
        {
            return facts;
        }

        if (method.IsAsync)
        {
            facts.Add(Verdict.Allocates, "is async");
            return facts;
        }

        bool[] returning = flow.FindReturning(index => EndsAt(library, flow, index));
        for (int i = 0; i < flow.Instructions.Length; i++)
        {
            // An intrinsic's body may only say that no hardware is supported, or call itself.
            if (returning[i])
            {
                ReadInstruction(facts, method, flow, i);
            }
        }

        return facts;
    }

    /// <summary>Whether an instruction is a call that never comes back.</summary>
    public static bool EndsAt(Library library, FlowGraph flow, int index)
    {
        Instruction at = flow.Instructions[index];
        return at.Code.Value == OpCodes.Call.Value
            && library.Resolve(
                flow.Reader, (EntityHandle)MetadataTokens.Handle(at.Operand)) is { NeverReturns: true };
    }

    private void ReadInstruction(BodyFacts facts, MethodNode method, FlowGraph flow, int index)
    {
        Instruction at = flow.Instructions[index];
        if (at.Code.Value == OpCodes.Newarr.Value)
        {
            if (!IsKeptOnce(flow, index))
            {
                facts.Add(Verdict.Allocates, "creates an array");
            }
        }
        else if (at.Code.Value == OpCodes.Box.Value)
        {
            ReadBox(facts, flow, index);
        }
        else if (at.Code.Value == OpCodes.Newobj.Value)
        {
            ReadNew(facts, flow, index);
        }
        else if (at.Code.Value == OpCodes.Call.Value || at.Code.Value == OpCodes.Ldftn.Value)
        {
            ReadCall(facts, method, flow, index);
        }
        else if (at.Code.Value == OpCodes.Callvirt.Value)
        {
            ReadVirtualCall(facts, method, flow, index);
        }
        else if (at.Code.Value == OpCodes.Ldvirtftn.Value)
        {
            facts.Add(Verdict.Unknown, "takes the address of a virtual method");
        }
    }

    private void ReadNew(BodyFacts facts, FlowGraph flow, int index)
    {
        Instruction at = flow.Instructions[index];
        var handle = (EntityHandle)MetadataTokens.Handle(at.Operand);
        MethodNode? constructor = library.Resolve(flow.Reader, handle);
        if (constructor is { Type.IsValueType: true })
        {
            facts.Calls.Add((constructor, false));
            return;
        }

        if (!IsKeptOnce(flow, index))
        {
            facts.Add(Verdict.Allocates, $"creates a {constructor?.Type.Name ?? "multidimensional array"}");
        }
    }

    // A value that is boxed to be tested only is not boxed in compiled code.
    private void ReadBox(BodyFacts facts, FlowGraph flow, int index)
    {
        OpCode next = flow.Instructions[index + 1].Code;
        if (next.FlowControl == FlowControl.Cond_Branch || next.Value == OpCodes.Isinst.Value
            || next.Value == OpCodes.Unbox_Any.Value || next.Value == OpCodes.Ldnull.Value)
        {
            return;
        }

        var type = (EntityHandle)MetadataTokens.Handle(flow.Instructions[index].Operand);
        if (library.ResolveType(flow.Reader, type) is { } node)
        {
            facts.Add(Verdict.Allocates, $"boxes a {node.Name}");
        }
        else
        {
            facts.Add(Verdict.Unknown, "boxes what a type parameter stands for");
        }
    }

    private void ReadCall(BodyFacts facts, MethodNode method, FlowGraph flow, int index)
    {
        Instruction at = flow.Instructions[index];
        var handle = (EntityHandle)MetadataTokens.Handle(at.Operand);
        if (library.Resolve(flow.Reader, handle) is { } called)
        {
            // A static member of an interface, through a type parameter.
            if (index > 0 && flow.Instructions[index - 1].Code.Value == OpCodes.Constrained.Value)
            {
                ReadConstrainedCall(facts, flow, index, called);
                return;
            }

            // What calls only itself is replaced by the compiler.
            if (called != method && !called.NeverReturns)
            {
                facts.Calls.Add((called, false));
            }
        }
        else if (!IsOfArray(flow.Reader, handle))
        {
            facts.Add(Verdict.Unknown, "calls a method of another assembly");
        }
    }

    private void ReadVirtualCall(BodyFacts facts, MethodNode method, FlowGraph flow, int index)
    {
        Instruction at = flow.Instructions[index];
        var handle = (EntityHandle)MetadataTokens.Handle(at.Operand);
        if (library.Resolve(flow.Reader, handle) is not { } called)
        {
            if (!IsOfArray(flow.Reader, handle))
            {
                facts.Add(Verdict.Unknown, "calls a method of another assembly");
            }

            return;
        }

        if (IsOfTheCaller(called))
        {
            return;
        }

        if (!called.IsVirtual)
        {
            if (called != method)
            {
                facts.Calls.Add((called, false));
            }

            return;
        }

        if (index > 0 && flow.Instructions[index - 1].Code.Value == OpCodes.Constrained.Value)
        {
            ReadConstrainedCall(facts, flow, index, called);
            return;
        }

        foreach (MethodNode target in Targets(called))
        {
            facts.Calls.Add((target, true));
        }
    }

    private static bool IsOfTheCaller(MethodNode called) =>
        s_ofTheCaller.Contains(called.Type.Name)
        || (called.Type.Name == "System.Object" && called.Name is "Equals" or "GetHashCode");

    // On a type parameter it is the type argument's business; on a value, its own method or a boxed one's.
    private void ReadConstrainedCall(BodyFacts facts, FlowGraph flow, int index, MethodNode called)
    {
        var type = (EntityHandle)MetadataTokens.Handle(flow.Instructions[index - 1].Operand);
        if (library.ResolveType(flow.Reader, type) is not { } node)
        {
            return;
        }

        if (node.Methods.Values.FirstOrDefault(candidate => Implements(candidate, called)) is { } own)
        {
            facts.Calls.Add((own, false));
        }
        else
        {
            facts.Add(Verdict.Unknown, $"calls {called.Name} of {node.Name}, which does not override it");
        }
    }

    private static IEnumerable<MethodNode> Targets(MethodNode called)
    {
        if (!called.IsAbstract)
        {
            yield return called;
        }

        var seen = new HashSet<TypeNode>();
        var open = new Stack<TypeNode>(called.Type.Derived);
        bool isAny = called.IsAbstract && open.Count == 0;
        while (open.TryPop(out TypeNode? type))
        {
            if (!seen.Add(type))
            {
                continue;
            }

            foreach (MethodNode candidate in type.Methods.Values)
            {
                if (Implements(candidate, called) && !candidate.IsAbstract)
                {
                    yield return candidate;
                }
            }

            foreach (TypeNode derived in type.Derived)
            {
                open.Push(derived);
            }
        }

        if (isAny)
        {
            yield return called;
        }
    }

    // By name and number of parameters: more than there are, never fewer.
    private static bool Implements(MethodNode candidate, MethodNode called) =>
        candidate.Parameters == called.Parameters
        && (candidate.Name == called.Name
            || candidate.Name.EndsWith("." + called.Name, StringComparison.Ordinal));

    // newobj or newarr whose result goes into a static field: once, as a cached delegate.
    private static bool IsKeptOnce(FlowGraph flow, int index)
    {
        short next = flow.Instructions[index + 1].Code.Value;
        return next == OpCodes.Stsfld.Value
            || (next == OpCodes.Dup.Value && flow.Instructions[index + 2].Code.Value == OpCodes.Stsfld.Value);
    }

    // Get, Set and Address of a multidimensional array.
    private static bool IsOfArray(MetadataReader reader, EntityHandle handle) =>
        handle.Kind == HandleKind.MemberReference
        && reader.GetMemberReference((MemberReferenceHandle)handle)
            .Parent is { Kind: HandleKind.TypeSpecification };
}
