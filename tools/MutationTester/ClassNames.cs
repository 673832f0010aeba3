using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.MutationTester;

/// <summary>The classes of sources that may be fixtures.</summary>
internal static class ClassNames
{
    public static IEnumerable<string> Of(IEnumerable<string> sources) => sources
        .SelectMany(text => MutantFinder.Parse(text).GetRoot().DescendantNodes(node =>
            node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax))
        .OfType<ClassDeclarationSyntax>()
        .Select(type => type.Identifier.Text)
        .Distinct();
}
