using System.Text;
using System.Text.RegularExpressions;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>
/// A piece of code with the verdict that is expected of it. In a file of snippets, a line
/// <c>=== name: verdict</c> begins one; its text is the body of <c>Run</c>, or members with a <c>Run</c>.
/// </summary>
/// <param name="Name">A sentence of its own in a test's name.</param>
/// <param name="Verdict">
/// <c>free</c>; ids of rules, which must all be reported, and something allocated; <c>exempt</c>, of what
/// allocates but is not reported, being on the way to a throw; <c>info</c>, of what nobody can know;
/// <c>rare</c> and ids, of what allocates in other circumstances only than those that the snippet makes;
/// <c>unseen</c>, of what allocates and is not reported, with a row in docs/analyzers.md; <c>tier1</c>, of
/// what is free as soon as the generic code of the framework is optimized.
/// </param>
/// <param name="Text">The code.</param>
internal sealed partial record Snippet(string Name, string Verdict, string Text)
{
    public string[] Ids { get; } = [.. Ids_().Matches(Verdict).Select(match => match.Value)];

    public bool Allocates => Verdict is "exempt" or "unseen" || (Ids.Length > 0 && !IsRare);

    public bool IsRare => Verdict.StartsWith("rare", StringComparison.Ordinal);

    /// <summary>Whether it is more than the statements of a method.</summary>
    public bool HasMembers => Run().IsMatch(Text);

    public static IEnumerable<Snippet> Read(string file)
    {
        string? name = null;
        string verdict = "";
        var text = new StringBuilder();
        foreach (string line in File.ReadLines(file).Append("=== end: end"))
        {
            if (!line.StartsWith("===", StringComparison.Ordinal))
            {
                text.Append(line).Append('\n');
                continue;
            }

            if (name is not null)
            {
                yield return new Snippet(name, verdict, text.ToString());
            }

            int colon = line.LastIndexOf(": ", StringComparison.Ordinal);
            name = line[4..colon];
            verdict = line[(colon + 2)..].Trim();
            text.Clear();
        }
    }

    /// <summary>The source of a class that holds the snippet.</summary>
    public string ToSource(string className)
    {
        string members = Run().IsMatch(Text)
            ? Run().Replace(Text, "[AllocationFree] public static $1 Run(", 1)
            : $"[AllocationFree] public static void Run()\n{{\n{Text}\n}}";
        return $$"""
            #nullable disable
            using System;
            using System.Buffers;
            using System.Buffers.Binary;
            using System.Buffers.Text;
            using System.Collections;
            using System.Collections.Concurrent;
            using System.Collections.Generic;
            using System.Collections.Immutable;
            using System.Diagnostics;
            using System.Diagnostics.CodeAnalysis;
            using System.Globalization;
            using System.IO;
            using System.Linq;
            using System.Net;
            using System.Numerics;
            using System.Runtime.CompilerServices;
            using System.Runtime.InteropServices;
            using System.Text;
            using System.Text.Unicode;
            using System.Threading;
            using System.Threading.Tasks;
            using Gain;
            using static Tools;

            public static class {{className}}
            {
            {{members}}
            }
            """;
    }

    [GeneratedRegex(
        @"(?:public )?static (unsafe void|async ValueTask|async Task|void|ValueTask|Task|object) Run\(")]
    private static partial Regex Run();

    [GeneratedRegex("GAIN[0-9]{4}")]
    private static partial Regex Ids_();
}
