using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Turns a class into a struct, in all its parts (GAIN0001).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeStructFix))]
[Shared]
public sealed class MakeStructFix()
    : DeclarationFix<TypeDeclarationSyntax>(HandlerKindAnalyzer.Id, "Make the handler a struct")
{
    /// <inheritdoc/>
    protected override bool CanFix(TypeDeclarationSyntax declaration) =>
        declaration is ClassDeclarationSyntax or RecordDeclarationSyntax;

    /// <inheritdoc/>
    protected override async Task<Solution> FixAsync(
        Document document,
        TypeDeclarationSyntax declaration,
        CancellationToken cancellation)
    {
        var editor = new SolutionEditor(document.Project.Solution);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        ISymbol? symbol = model?.GetDeclaredSymbol(declaration, cancellation);
        foreach (SyntaxReference reference in symbol?.DeclaringSyntaxReferences ?? [])
        {
            SyntaxNode part = await reference.GetSyntaxAsync(cancellation).ConfigureAwait(false);
            if (document.Project.Solution.GetDocument(part.SyntaxTree) is { } holder)
            {
                DocumentEditor edited =
                    await editor.GetDocumentEditorAsync(holder.Id, cancellation).ConfigureAwait(false);
                edited.ReplaceNode(part, static (now, _) => ToStruct((TypeDeclarationSyntax)now));
            }
        }

        return editor.GetChangedSolution();
    }

    private static SyntaxNode ToStruct(TypeDeclarationSyntax type)
    {
        // What a struct is without saying so, or cannot be.
        TypeDeclarationSyntax plain = ModifierRemover.Remove(
            type, SyntaxKind.SealedKeyword, SyntaxKind.AbstractKeyword, SyntaxKind.StaticKeyword);
        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.StructKeyword);
        return plain switch
        {
            RecordDeclarationSyntax record => SyntaxFactory.RecordDeclaration(
                SyntaxKind.RecordStructDeclaration,
                record.AttributeLists,
                record.Modifiers,
                record.Keyword,
                keyword.WithTrailingTrivia(SyntaxFactory.Space),
                record.Identifier,
                record.TypeParameterList,
                record.ParameterList,
                record.BaseList,
                record.ConstraintClauses,
                record.OpenBraceToken,
                record.Members,
                record.CloseBraceToken,
                record.SemicolonToken),
            ClassDeclarationSyntax one => SyntaxFactory.StructDeclaration(
                one.AttributeLists,
                one.Modifiers,
                keyword.WithTriviaFrom(one.Keyword),
                one.Identifier,
                one.TypeParameterList,
                one.ParameterList,
                one.BaseList,
                one.ConstraintClauses,
                one.OpenBraceToken,
                one.Members,
                one.CloseBraceToken,
                one.SemicolonToken),
            _ => plain,
        };
    }
}
