namespace Gain.KnowledgeBuilder;

/// <summary>What a method does to the managed heap, from the best to the worst that is certain.</summary>
internal enum Verdict
{
    /// <summary>Nothing, except to throw, or once in the life of the process.</summary>
    Free,

    /// <summary>It calls what this tool cannot follow.</summary>
    Unknown,

    /// <summary>It allocates where something is full, and grows.</summary>
    Grows,

    /// <summary>It allocates on a path that returns.</summary>
    Allocates,
}
