using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Knowledge;

/// <summary>
/// What the base class library allocates: the table that tools/KnowledgeBuilder reads out of its IL.
/// </summary>
/// <remarks>
/// A line "N" names a namespace and a line "T" a type in it; "+" precedes what is free below, "-" what
/// allocates, "~" what does when it grows and "!" what blocks, each the rest of a documentation comment
/// id; "*" stands for all that the type has.
/// </remarks>
internal sealed class KnowledgeTable
{
    private const string Blocking = "!";
    private const string ResourceName = "Gain.Analyzers.Knowledge.framework.txt";

    private static readonly Lazy<KnowledgeTable> s_framework = new(Load);

    private readonly string _text;
    private readonly Dictionary<string, int> _types = [];
    private readonly ConcurrentDictionary<string, Dictionary<string, Verdict>> _members = new();

    internal KnowledgeTable(string text)
    {
        _text = text;
        Index();
    }

    /// <summary>
    /// The table of the framework, one for the process: it does not depend on a compilation.
    /// </summary>
    public static KnowledgeTable Framework => s_framework.Value;

    /// <summary>The type names of the table, as in documentation comment ids.</summary>
    public IEnumerable<string> Types => _types.Keys;

    /// <summary>The verdict on a method, by its own documentation comment id.</summary>
    public Verdict Find(IMethodSymbol definition) =>
        definition.GetDocumentationCommentId() is { } id && definition.ContainingType is { } type
        && type.GetDocumentationCommentId() is { } typeId
            ? Find(typeId.Substring(2), id.Substring(typeId.Length + 1))
            : Verdict.Unknown;

    /// <summary>Whether a method is said to block.</summary>
    public bool Blocks(IMethodSymbol definition) =>
        definition.GetDocumentationCommentId() is { } id && definition.ContainingType is { } type
        && type.GetDocumentationCommentId() is { } typeId
        && Find(typeId.Substring(2), Blocking + id.Substring(typeId.Length + 1)) == Verdict.Blocks;

    /// <summary>The verdict on a member of a type, both as in documentation comment ids.</summary>
    public Verdict Find(string type, string member)
    {
        if (!_types.TryGetValue(type, out int start))
        {
            return Verdict.Unknown;
        }

        Dictionary<string, Verdict> members = _members.GetOrAdd(type, _ => Read(start));
        return members.TryGetValue(member, out Verdict verdict) || members.TryGetValue("*", out verdict)
            ? verdict
            : Verdict.Unknown;
    }

    // Only the positions of types are found at first: a compilation asks for few of them.
    private void Index()
    {
        string space = "";
        for (int at = 0; at < _text.Length; at = NextLine(at))
        {
            if (_text[at] == 'N')
            {
                space = Rest(at);
            }
            else if (_text[at] == 'T')
            {
                string name = Rest(at);
                _types[space.Length == 0 ? name : $"{space}.{name}"] = NextLine(at);
            }
        }
    }

    private Dictionary<string, Verdict> Read(int start)
    {
        var members = new Dictionary<string, Verdict>();
        for (int at = start; at < _text.Length && _text[at] is '+' or '-' or '~' or '!'; at = NextLine(at))
        {
            string blocking = _text[at] == '!' ? Blocking : "";
            members[blocking + Rest(at)] = _text[at] switch
            {
                '+' => Verdict.Free,
                '!' => Verdict.Blocks,
                '~' => Verdict.Grows,
                _ => Verdict.Allocates,
            };
        }

        return members;
    }

    private int NextLine(int at)
    {
        int end = _text.IndexOf('\n', at);
        return end < 0 ? _text.Length : end + 1;
    }

    private string Rest(int at)
    {
        int end = _text.IndexOf('\n', at);
        return _text.Substring(at + 1, (end < 0 ? _text.Length : end) - at - 1).Trim();
    }

    private static KnowledgeTable Load()
    {
        using Stream? stream =
            typeof(KnowledgeTable).GetTypeInfo().Assembly.GetManifestResourceStream(ResourceName);
        if (stream is null)
        {
            throw new InvalidOperationException($"The assembly lacks its resource {ResourceName}.");
        }

        using var reader = new StreamReader(stream);
        return new KnowledgeTable(reader.ReadToEnd());
    }
}
