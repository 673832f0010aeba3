using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Tests.Repository;

/// <summary>
/// What the folders of Gain.Runtime, and Gain.Uring, may use of each other: the table in
/// docs/ARCHITECTURE.md, as code. A folder may use those that stand before it here, and the table has no
/// exceptions.
/// </summary>
internal static class FolderRules
{
    /// <summary>The folder of the files that are in none.</summary>
    public const string Root = "(root)";

    /// <summary>The class of the system calls, which only some of those that use Kernel may call.</summary>
    public const string SystemCalls = "Libc";

    /// <summary>The part of it that rings need.</summary>
    public const string RingSystemCalls = "RingLibc";

    /// <summary>Each folder, lowest first, with the folders whose types it may name. Its own it may
    /// always.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayUse = new Dictionary<string, string[]>
    {
        ["Kernel"] = [],
        ["Uring"] = ["Kernel"],
        ["Vocabulary"] = ["Kernel"],
        ["Attributes"] = [],
        ["Options"] = ["Kernel", "Vocabulary"],
        ["Sockets"] = ["Kernel", "Vocabulary", "Options"],
        ["Rings"] = ["Kernel", "Uring", "Vocabulary", "Options", "Sockets"],
        ["Balancing"] = ["Vocabulary"],
        ["Diagnostics"] = ["Uring", "Vocabulary", "Options", "Rings"],
        ["Memory"] = ["Kernel", "Vocabulary", "Rings"],
        ["Layers"] = ["Memory"],
        ["Proxies"] = ["Vocabulary", "Memory"],
        ["Mail"] = ["Vocabulary", "Memory"],
        ["Slots"] = ["Vocabulary", "Attributes", "Sockets", "Rings", "Memory", "Mail"],
        ["Writing"] = ["Vocabulary", "Options", "Memory", "Layers", "Proxies", "Mail", "Slots"],
        ["Datagrams"] = ["Kernel", "Vocabulary", "Sockets", "Rings", "Memory", "Slots"],
        ["Handles"] =
        [
            "Kernel", "Vocabulary", "Attributes", "Sockets", "Rings", "Memory", "Layers", "Proxies", "Mail",
            "Slots", "Writing", "Datagrams",
        ],
        ["Sessions"] = ["Vocabulary", "Attributes", "Slots", "Writing", "Handles"],
        ["CompilerServices"] =
        [
            "Uring", "Vocabulary", "Attributes", "Memory", "Mail", "Slots", "Writing", "Handles", "Sessions",
        ],
        ["Workers"] =
        [
            "Kernel", "Uring", "Vocabulary", "Attributes", "Options", "Sockets", "Rings", "Balancing",
            "Diagnostics", "Memory", "Layers", "Proxies", "Mail", "Slots", "Writing", "Datagrams", "Handles",
            "Sessions", "CompilerServices",
        ],
        [Root] =
        [
            "Uring", "Vocabulary", "Attributes", "Options", "Sockets", "Rings", "Balancing", "Diagnostics",
            "Memory", "Layers", "Handles", "Sessions", "CompilerServices", "Workers",
        ],
    };

    /// <summary>The folders that may make system calls.</summary>
    public static readonly string[] MayCall = ["Kernel", "Uring", "Vocabulary", "Sockets", "Rings"];

    /// <summary>Where the files of a folder are: rings are a project of their own.</summary>
    public static string[] PathsOf(string folder) => folder switch
    {
        Root => ["Gain.Runtime"],
        "Uring" => ["Gain.Uring"],
        "Kernel" => ["Gain.Runtime/Kernel", "Gain.Uring/Kernel"],
        _ => [$"Gain.Runtime/{folder}"],
    };

    /// <summary>The files of a folder, without those of the folders in it that have a row of their
    /// own.</summary>
    public static IEnumerable<string> FilesOf(string folder) =>
        PathsOf(folder).SelectMany(SourceTree.CSharpFiles).Where(path => FolderOf(path) == folder);

    /// <summary>The folder of a file.</summary>
    public static string FolderOf(string path)
    {
        string[] parts = path.Split('/');
        string first = parts.Length > 2 ? parts[1] : Root;
        return parts[0] == "Gain.Uring" && first != "Kernel" ? "Uring" : first;
    }

    /// <summary>The folder in which each type of the two projects is declared.</summary>
    public static IReadOnlyDictionary<string, string> FoldersOfTypes()
    {
        var folders = new Dictionary<string, string>();
        string[] projects = ["Gain.Runtime", "Gain.Uring"];
        foreach (string path in projects.SelectMany(SourceTree.CSharpFiles))
        {
            foreach (SyntaxToken name in DeclaredTypes(SourceTree.Read(path)))
            {
                folders[name.Text] = FolderOf(path);
            }
        }

        return folders;
    }

    /// <summary>The uses of other folders' types that the table does not allow.</summary>
    public static IEnumerable<string> ForbiddenTypes(
        string folder, string text, IReadOnlyDictionary<string, string> folders)
    {
        SyntaxToken[] tokens = [.. Identifiers(text)];
        HashSet<string> own =
            [.. tokens.Where(token => token.Parent is not SimpleNameSyntax).Select(token => token.Text)];
        return from token in tokens
               let other = folders.GetValueOrDefault(token.Text)
               where other is not null
                   && other != folder
                   && !MayUse[folder].Contains(other)
                   && NamesType(token)
                   && !own.Contains(token.Text)
               select SourceRules.At(token, $"{folder} may not use {token.Text}, which is in {other}");
    }

    /// <summary>The system calls of a folder that may make none.</summary>
    public static IEnumerable<string> ForbiddenCalls(string folder, string text) =>
        from token in Identifiers(text)
        where (token.Text is SystemCalls or RingSystemCalls) && !MayCall.Contains(folder)
        select SourceRules.At(token, $"{folder} may not make system calls");

    private static IEnumerable<SyntaxToken> DeclaredTypes(string text) =>
        SourceRules.Parse(text)
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node => node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier,
                DelegateDeclarationSyntax type => type.Identifier,
                _ => default,
            })
            .Where(name => name != default);

    private static IEnumerable<SyntaxToken> Identifiers(string text) =>
        SourceRules.Parse(text).DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken));

    // Not a member of the same name (x.Connection), a declaration, or a named argument.
    private static bool NamesType(SyntaxToken token) =>
        token.Parent is SimpleNameSyntax name && name.Parent switch
        {
            NameColonSyntax or NameEqualsSyntax => false,
            MemberAccessExpressionSyntax access => access.Name != name || IsSpace(access.Expression),
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment =>
                assignment.Left != name,
            UsingDirectiveSyntax => false,
            QualifiedNameSyntax { Parent: UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax } => false,
            _ => true,
        };

    // The namespaces that types are qualified by here: Gain, or one in it.
    private static bool IsSpace(ExpressionSyntax expression) =>
        expression.ToString() is "Gain" or "global::Gain"
        || expression is MemberAccessExpressionSyntax access && IsSpace(access.Expression)
        || expression is IdentifierNameSyntax name && MayUse.ContainsKey(name.Identifier.Text);
}
