using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Tests.Repository;

/// <summary>
/// What the folders of Gain.Runtime, and Gain.Uring, may use of each other: the table in
/// docs/ARCHITECTURE.md, as code.
/// </summary>
internal static class FolderRules
{
    /// <summary>The class of the system calls, which only some of those that use Kernel may call.</summary>
    public const string SystemCalls = "Libc";

    /// <summary>The part of it that rings need.</summary>
    public const string RingSystemCalls = "RingLibc";

    /// <summary>Each folder with the folders whose types it may name. Its own it may always.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayUse = new Dictionary<string, string[]>
    {
        ["Kernel"] = [],
        ["Uring"] = ["Kernel"],
        ["Net"] = ["Kernel"],
        ["Rings"] = ["Uring", "Net", "Kernel"],
        ["Connections"] = ["Rings", "Kernel"],
        ["Workers"] = ["Connections", "Rings", "Net", "Uring", "Kernel"],
    };

    /// <summary>Where the files of a folder are: rings are a project of their own.</summary>
    public static string[] PathsOf(string folder) => folder switch
    {
        "Uring" => ["Gain.Uring"],
        "Kernel" => ["Gain.Runtime/Kernel", "Gain.Uring/Kernel"],
        _ => [$"Gain.Runtime/{folder}"],
    };

    /// <summary>The folders that may make system calls.</summary>
    public static readonly string[] MayCall = ["Kernel", "Uring", "Net", "Rings"];

    /// <summary>Each folder with the types of the root, the public face, that it may name.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayUseOfRoot =
        new Dictionary<string, string[]>
    {
        ["Kernel"] = [],
        ["Uring"] = [],
        ["Net"] =
        [
            "GainException", "GainError", "GainArchitecture", "GainOptions", "GainAddress", "GainAddressKind",
            "SocketSettings", "CpuSteering",
        ],
        ["Rings"] = ["GainException", "GainError", "GainRing", "GainAddress"],
        ["Connections"] =
        [
            "Connection", "CloseReason", "ProtocolError", "ProtocolErrorKind", "SlowReaderPolicy",
            "PostFailure", "DatagramFailure", "Datagram",
        ],
        ["Workers"] =
        [
            "Connection", "CloseReason", "ProtocolError", "GainException", "GainError", "GainServer",
            "GainOptions", "GainStatistics", "GuardedLogger", "Log", "ConnectionLimitPolicy", "GainAddress",
            "GainAddressKind", "SocketSettings", "Datagram", "DatagramHandle", "DatagramFailure",
            "GainArchitecture", "GainBalancing", "IBalancer", "WorkerLoads", "RoundRobinBalancer",
            "LeastConnectionsBalancer", "SourceIPHashBalancer",
        ],
    };

    /// <summary>The uses of other folders that the table does not allow.</summary>
    public static IEnumerable<string> ForbiddenFolders(string folder, string text) =>
        from name in UsedFolders(text)
        where name.Text != folder && !MayUse[folder].Contains(name.Text)
        select SourceRules.At(name, $"{folder} may not use {name.Text}");

    /// <summary>The system calls of a folder that may make none.</summary>
    public static IEnumerable<string> ForbiddenCalls(string folder, string text) =>
        from token in Identifiers(text)
        where (token.Text is SystemCalls or RingSystemCalls) && !MayCall.Contains(folder)
        select SourceRules.At(token, $"{folder} may not make system calls");

    /// <summary>The uses of the public face that the table does not allow.</summary>
    public static IEnumerable<string> ForbiddenRootTypes(
        string folder, string text, IReadOnlySet<string> rootTypes) =>
        from token in Identifiers(text)
        where rootTypes.Contains(token.Text) && NamesType(token) && !MayUseOfRoot[folder].Contains(token.Text)
        select SourceRules.At(token, $"{folder} may not use {token.Text}");

    // A folder is named after "Gain." or at the start of a qualified name, as in Kernel.Errno: the folders'
    // namespaces lie in Gain, so that "Gain." may be left out.
    private static IEnumerable<SyntaxToken> UsedFolders(string text)
    {
        SyntaxToken[] tokens = [.. SourceRules.Parse(text).DescendantTokens()];
        for (int i = 0; i + 1 < tokens.Length; i++)
        {
            if (!MayUse.ContainsKey(tokens[i].Text) || tokens[i].Parent is not IdentifierNameSyntax)
            {
                continue;
            }

            bool isAfterDot = i > 0 && tokens[i - 1].IsKind(SyntaxKind.DotToken);
            bool isAfterGain = isAfterDot && i > 1 && tokens[i - 2].Text == "Gain";
            bool isFirst = !isAfterDot && tokens[i + 1].IsKind(SyntaxKind.DotToken);
            if ((isAfterGain || isFirst) && !IsOwnNamespace(tokens[i]))
            {
                yield return tokens[i];
            }
        }
    }

    private static bool IsOwnNamespace(SyntaxToken token) =>
        token.Parent!.Ancestors().OfType<BaseNamespaceDeclarationSyntax>()
            .Any(space => space.Name.Span.Contains(token.Span));

    private static IEnumerable<SyntaxToken> Identifiers(string text) =>
        SourceRules.Parse(text).DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken));

    // Not a member of the same name (x.Connection), a declaration, or a named argument.
    private static bool NamesType(SyntaxToken token) =>
        token.Parent is SimpleNameSyntax name && name.Parent switch
        {
            NameColonSyntax or NameEqualsSyntax => false,
            MemberAccessExpressionSyntax access => access.Name != name || IsGain(access.Expression),
            _ => true,
        };

    private static bool IsGain(ExpressionSyntax expression) =>
        expression.ToString() is "Gain" or "global::Gain";
}
