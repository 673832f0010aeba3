using System.Collections.Concurrent;
using Gain.Analyzers.Knowledge;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Projects;

/// <summary>What the assemblies that a compilation references say of their own methods.</summary>
internal sealed class ReferencedSummaries
{
    private readonly ConcurrentDictionary<IAssemblySymbol, KnowledgeTable?> _tables =
        new(SymbolEqualityComparer.Default);

    /// <summary>The verdict on a method; unknown where its assembly says nothing.</summary>
    public Verdict Find(IMethodSymbol definition) => TableOf(definition)?.Find(definition) ?? Verdict.Unknown;

    /// <summary>Whether a method is said to block.</summary>
    public bool Blocks(IMethodSymbol definition) => TableOf(definition)?.Blocks(definition) ?? false;

    private KnowledgeTable? TableOf(IMethodSymbol definition) =>
        definition.ContainingAssembly is { } assembly ? _tables.GetOrAdd(assembly, Read) : null;

    private static KnowledgeTable? Read(IAssemblySymbol assembly)
    {
        foreach (AttributeData attribute in assembly.GetAttributes())
        {
            if (attribute is
                {
                    AttributeClass.Name: "AssemblyMetadataAttribute",
                    ConstructorArguments: [{ Value: SummaryFormat.Key }, { Value: string text }],
                })
            {
                return new KnowledgeTable(text);
            }
        }

        return null;
    }
}
