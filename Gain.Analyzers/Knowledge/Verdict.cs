namespace Gain.Analyzers.Knowledge;

/// <summary>What is known of a member of another assembly.</summary>
internal enum Verdict
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>It allocates nothing, except to throw, or once in the life of the process.</summary>
    Free,

    /// <summary>It allocates where something is full, and grows: not forever.</summary>
    Grows,

    /// <summary>It stops the thread; what it allocates is said besides.</summary>
    Blocks,

    /// <summary>It allocates, in every call or in some.</summary>
    Allocates,
}
