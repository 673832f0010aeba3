using System.Reflection;

namespace Gain.KnowledgeBuilder;

/// <summary>A method of the framework, with what its IL does.</summary>
internal sealed class MethodNode(TypeNode type, string name, string id, int parameters)
{
    public TypeNode Type { get; } = type;

    public string Name { get; } = name;

    /// <summary>The last part of its documentation comment id.</summary>
    public string Id { get; } = id;

    public int Parameters { get; } = parameters;

    public string FullId => $"{Type.Name}.{Id}";

    public MethodAttributes Attributes { get; init; }

    public MethodImplAttributes Implementation { get; init; }

    public bool ReturnsReference { get; init; }

    /// <summary>Whether a parameter is a place for native code to put an object into.</summary>
    public bool TakesObjectHandle { get; init; }

    public bool IsIntrinsic { get; init; }

    public bool IsAsync { get; init; }

    public bool HasBody { get; init; }

    /// <summary>Whether a call never comes back: it ends in a throw.</summary>
    public bool NeverReturns { get; set; }

    public FlowGraph? Flow { get; set; }

    public Verdict Verdict { get; set; }

    /// <summary>Why the verdict is not <see cref="Verdict.Free"/>.</summary>
    public string? Reason { get; set; }

    public bool IsFixed { get; set; }

    public bool IsVirtual =>
        (Attributes & MethodAttributes.Virtual) != 0 && (Attributes & MethodAttributes.Final) == 0
        && !Type.IsSealed;

    public bool IsAbstract => (Attributes & MethodAttributes.Abstract) != 0;

    public bool IsVisible => (Attributes & MethodAttributes.MemberAccessMask)
        is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;
}
