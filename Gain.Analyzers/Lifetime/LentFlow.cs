using System.Collections.Generic;

namespace Gain.Analyzers.Lifetime;

/// <summary>What a method does with an address that it is given.</summary>
internal sealed class LentFlow
{
    /// <summary>
    /// For a method that is being read and calls itself: what else it does is still found.
    /// </summary>
    public static readonly LentFlow Nothing = new();

    /// <summary>Where it is kept, whatever code calls the method.</summary>
    public List<Escape> Escapes { get; } = [];

    /// <summary>Where the struct keeps it that the method is called on.</summary>
    public List<Escape> Receiver { get; } = [];

    /// <summary>
    /// Where it is written to through the parameters by reference, and pointers, by their ordinals.
    /// </summary>
    public Dictionary<int, Escape> Parameters { get; } = [];

    /// <summary>Whether the result is, or holds, such an address.</summary>
    public bool Returns { get; set; }
}
