using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>What a method does to a connection that it is given.</summary>
internal sealed class CloseSummary
{
    public static readonly CloseSummary Nothing = new();

    /// <summary>
    /// Whether it is certainly closed when the method returns true, or something that is no bool.
    /// </summary>
    public bool ClosesWhenTrue { get; set; }

    /// <summary>
    /// Whether it is certainly closed when the method returns false, or something that is no bool.
    /// </summary>
    public bool ClosesWhenFalse { get; set; }

    /// <summary>The calls that come after a close: where, what, and what closed.</summary>
    public List<(Location Location, string Name, string Closer)> Lost { get; } = [];
}
