using System.Reflection;

namespace Gain.KnowledgeBuilder;

/// <summary>A type of the framework.</summary>
internal sealed class TypeNode(string name, string space, string assembly, TypeAttributes attributes)
{
    public string Name { get; } = name;

    /// <summary>The namespace, of a nested type that of the outermost one.</summary>
    public string Namespace { get; } = space;

    public string Assembly { get; } = assembly;

    public TypeAttributes Attributes { get; } = attributes;

    /// <summary>Whether other assemblies see it: it and all types around it are public.</summary>
    public bool IsVisible { get; set; }

    public bool IsValueType { get; set; }

    public TypeNode? Base { get; set; }

    public List<TypeNode> Interfaces { get; } = [];

    /// <summary>The types that derive from it or implement it, one step away.</summary>
    public List<TypeNode> Derived { get; } = [];

    /// <summary>The methods by name, arity and parameters.</summary>
    public Dictionary<string, MethodNode> Methods { get; } = [];

    public bool IsInterface => (Attributes & TypeAttributes.Interface) != 0;

    public bool IsSealed => (Attributes & TypeAttributes.Sealed) != 0;

    public bool IsDelegate => Base is { Name: "System.MulticastDelegate" };
}
