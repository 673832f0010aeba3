using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Gain.Analyzers.Knowledge;

/// <summary>
/// The user's own knowledge of the libraries that a project uses: additional files named
/// <c>*.allocations.txt</c>, with a documentation comment id a line. What is listed is free of allocations;
/// after a '-' it allocates. An id of a type or a namespace stands for all that is in it.
/// </summary>
internal sealed class UserList
{
    private const string Suffix = ".allocations.txt";

    private readonly Dictionary<string, Verdict> _verdicts = [];
    private readonly List<(Location Location, string Line)> _faults = [];

    public UserList(ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        foreach (AdditionalText file in files)
        {
            string name = Path.GetFileName(file.Path);
            if ((name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) || name == Suffix.Substring(1))
                && file.GetText(cancellation) is { } text)
            {
                Read(file.Path, text);
            }
        }
    }

    /// <summary>The lines that are no documentation comment ids.</summary>
    public IReadOnlyList<(Location Location, string Line)> Faults => _faults;

    public Verdict Find(IMethodSymbol definition)
    {
        if (_verdicts.Count == 0)
        {
            return Verdict.Unknown;
        }

        ISymbol? symbol = definition;
        while (symbol is not null and not INamespaceSymbol { IsGlobalNamespace: true })
        {
            if (symbol.GetDocumentationCommentId() is { } id
                && _verdicts.TryGetValue(id, out Verdict verdict))
            {
                return verdict;
            }

            symbol = symbol is IMethodSymbol { AssociatedSymbol: { } member } ? member
                : symbol.ContainingSymbol;
        }

        return Verdict.Unknown;
    }

    private void Read(string path, SourceText text)
    {
        foreach (TextLine line in text.Lines)
        {
            string content = line.ToString().Trim();
            if (content.Length == 0 || content[0] == '#')
            {
                continue;
            }

            bool allocates = content[0] == '-';
            string id = allocates ? content.Substring(1).Trim() : content;
            if (id.Length < 3 || id[1] != ':' || "MPTN".IndexOf(id[0]) < 0 || id.IndexOf(' ') >= 0)
            {
                var span = new LinePositionSpan(
                    new LinePosition(line.LineNumber, 0),
                        new LinePosition(line.LineNumber, line.Span.Length));
                _faults.Add((Location.Create(path, line.Span, span), content));
                continue;
            }

            _verdicts[id] = allocates ? Verdict.Allocates : Verdict.Free;
        }
    }
}
