using System.Globalization;
using System.Text;

namespace Gain.KnowledgeBuilder;

/// <summary>
/// Writes the table that Gain.Analyzers embeds, sorted, so that a new framework makes a diff.
/// </summary>
internal sealed class TableWriter(CallGraph graph, string framework)
{
    private static readonly string[] s_assemblies =
    [
        "System.Private.CoreLib", "System.Memory", "System.Collections", "System.Collections.Concurrent",
        "System.Collections.Immutable", "System.Text.Json", "System.Net.Primitives", "System.Linq",
        "System.Runtime.Numerics", "System.Text.Encodings.Web", "System.Threading", "System.Private.Uri",
        "System.IO.Pipelines", "System.IO.Hashing", "System.Console", "System.Net.Sockets",
        "System.Threading.Channels", "System.Diagnostics.DiagnosticSource", "System.Numerics.Vectors",
        "System.Runtime.InteropServices", "System.Diagnostics.Process", "System.Text.RegularExpressions",
        "System.Security.Cryptography", "System.Net.NameResolution", "System.IO.Compression",
        "System.ComponentModel.Primitives", "System.Net.Http", "System.Private.Xml",
    ];

    private int _free;
    private int _allocating;
    private int _growing;
    private int _unknown;

    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{_free} free, {_growing} growing, {_allocating} allocating, {_unknown} unknown and left out");

    public string Write()
    {
        var body = new StringBuilder();
        string space = "";
        foreach (TypeNode type in Types())
        {
            string[] lines = [.. Lines(type)];
            if (lines.Length == 0)
            {
                continue;
            }

            if (type.Namespace != space)
            {
                space = type.Namespace;
                body.Append('N').Append(space).Append('\n');
            }

            body.Append('T').Append(type.Name, space.Length + 1, type.Name.Length - space.Length - 1)
                .Append('\n');
            body.AppendJoin('\n', lines).Append('\n');
        }

        return $"# Written by tools/KnowledgeBuilder from the framework {framework}; do not edit.\n"
            + $"# format 1; {Summary}\n" + body;
    }

    private IEnumerable<TypeNode> Types() =>
        graph.Library.Types
            .Where(type => type.IsVisible && s_assemblies.Contains(type.Assembly))
            .OrderBy(type => type.Namespace, StringComparer.Ordinal)
            .ThenBy(type => type.Name, StringComparer.Ordinal);

    private static char Sign(Verdict verdict) => verdict switch
    {
        Verdict.Free => '+',
        Verdict.Grows => '~',
        _ => '-',
    };

    private IEnumerable<string> Lines(TypeNode type)
    {
        MethodNode[] methods =
        [
            .. type.Methods.Values.Where(method => method.IsVisible && method.Name != ".cctor")
                .OrderBy(method => method.Id, StringComparer.Ordinal),
        ];
        _free += methods.Count(method => method.Verdict == Verdict.Free);
        _allocating += methods.Count(method => method.Verdict == Verdict.Allocates);
        _growing += methods.Count(method => method.Verdict == Verdict.Grows);
        _unknown += methods.Count(method => method.Verdict == Verdict.Unknown);
        if (methods.Length > 0 && methods.All(method => method.Verdict == Verdict.Free))
        {
            return ["+*"];
        }

        return methods.Where(method => method.Verdict != Verdict.Unknown)
            .Select(method => Sign(method.Verdict) + method.Id);
    }
}
