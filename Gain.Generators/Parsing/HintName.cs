using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>The name of the file emitted for a struct.</summary>
internal static class HintName
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    /// <summary>The full metadata name, for people, and its hash, for uniqueness.</summary>
    /// <remarks>
    /// The compiler compares hint names without regard to case, and refuses some characters that an
    /// identifier may have; one duplicate or bad name ends the generator for the whole project.
    /// </remarks>
    public static string Of(INamedTypeSymbol symbol)
    {
        string metadataName = MetadataNameOf(symbol);
        var hint = new StringBuilder(metadataName.Length);
        foreach (char c in metadataName)
        {
            hint.Append(char.IsLetterOrDigit(c) || c == '.' ? c : '_');
        }

        string hash = Hash(metadataName).ToString("x8", CultureInfo.InvariantCulture);
        return $"{hint}.{hash}.g.cs";
    }

    private static string MetadataNameOf(INamespaceOrTypeSymbol symbol) => symbol.ContainingSymbol switch
    {
        INamedTypeSymbol parent => $"{MetadataNameOf(parent)}+{symbol.MetadataName}",
        INamespaceSymbol { IsGlobalNamespace: false } space =>
            $"{MetadataNameOf(space)}.{symbol.MetadataName}",
        _ => symbol.MetadataName,
    };

    // FNV-1a over UTF-16 units: string.GetHashCode differs from process to process.
    private static uint Hash(string text)
    {
        uint hash = FnvOffset;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * FnvPrime);
        }

        return hash;
    }
}
