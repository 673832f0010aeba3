using System.Collections.Generic;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Gain.Analyzers.CodeFixes;

/// <summary>
/// Implements <c>IEquatable&lt;T&gt;</c> in a struct that a collection boxes to compare it (GAIN1003), over
/// all of its fields.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EquatableFix))]
[Shared]
public sealed class EquatableFix() : NodeFix(AllocationRules.Boxing.Id)
{
    // HashCode.Combine takes as many; more are added one by one.
    private const int MaxCombined = 8;

    /// <inheritdoc/>
    protected override Task OfferAsync(
        CodeFixContext context, SyntaxNode root, SemanticModel model, SyntaxNode node)
    {
        if (Compared(model, node, context.CancellationToken) is { } type
            && type.DeclaringSyntaxReferences is [var reference]
            && Fields(type) is { Count: > 0 } fields
            && fields.All(field => IsComparable(field, new WellKnownTypes(model.Compilation)))
            && type.GetMembers("Equals").Length + type.GetMembers("GetHashCode").Length == 0
            && context.Document.Project.Solution.GetDocument(reference.SyntaxTree) is { } document)
        {
            Offer(
                context, $"Implement IEquatable<{type.Name}>",
                cancellation => Fix(document, reference, fields, cancellation));
        }

        return Task.CompletedTask;
    }

    private static INamedTypeSymbol? Compared(
        SemanticModel model, SyntaxNode node, CancellationToken cancellation)
    {
        ISymbol? symbol = model.GetSymbolInfo(node, cancellation).Symbol;
        IMethodSymbol? method = symbol is IPropertySymbol property
            ? property.GetMethod ?? property.SetMethod
            : symbol as IMethodSymbol;
        if (method is null)
        {
            return null;
        }

        var types = new WellKnownTypes(model.Compilation);
        return ArgumentTypes.ComparedTypes(method).Select(type => Equality.BoxedBy(type, types))
            .OfType<INamedTypeSymbol>().FirstOrDefault();
    }

    // One that has a name, and that is not boxed in its turn: then it is that one's to be fixed first.
    private static bool IsComparable(IFieldSymbol field, WellKnownTypes types) =>
        (!field.IsImplicitlyDeclared || field.AssociatedSymbol is not null)
        && !field.IsFixedSizeBuffer && field.Type is not (IPointerTypeSymbol or IFunctionPointerTypeSymbol)
        && Equality.BoxedBy(field.Type, types) is null;

    private static IReadOnlyList<IFieldSymbol> Fields(INamedTypeSymbol type) =>
        [.. type.GetMembers().OfType<IFieldSymbol>()
            .Where(static field => !field.IsStatic && !field.IsConst)];

    private static async Task<Solution> Fix(
        Document document,
        SyntaxReference reference,
        IReadOnlyList<IFieldSymbol> fields,
        CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        var type = (StructDeclarationSyntax)root.FindNode(reference.Span);
        string name = type.Identifier.Text
            + (type.TypeParameterList is { } parameters
                ? $"<{string.Join(", ", parameters.Parameters.Select(static one => one.Identifier.Text))}>"
                : "");
        bool isAnnotated = model.GetNullableContext(type.SpanStart).AnnotationsEnabled();
        StructDeclarationSyntax changed = WithBase(type, name)
            .AddMembers([.. Members(name, fields, isAnnotated ? "object?" : "object")])
            .WithAdditionalAnnotations(Formatter.Annotation);
        return document.WithSyntaxRoot(root.ReplaceNode(type, changed)).Project.Solution;
    }

    private static StructDeclarationSyntax WithBase(StructDeclarationSyntax type, string name)
    {
        BaseTypeSyntax equatable = SyntaxFactory.SimpleBaseType(
            SyntaxFactory.ParseTypeName($"System.IEquatable<{name}>")
                .WithAdditionalAnnotations(Simplifier.Annotation));
        if (type.BaseList is { } list)
        {
            return type.WithBaseList(list.AddTypes(equatable));
        }

        // The line ends after the base list now.
        SyntaxToken last = type.ParameterList?.GetLastToken() ?? type.TypeParameterList?.GetLastToken()
            ?? type.Identifier;
        SyntaxTriviaList end = last.TrailingTrivia;
        return type.ReplaceToken(last, last.WithTrailingTrivia(SyntaxFactory.Space))
            .WithBaseList(SyntaxFactory.BaseList(SyntaxFactory.SingletonSeparatedList(equatable))
                .WithColonToken(
                    SyntaxFactory.Token(SyntaxKind.ColonToken).WithTrailingTrivia(SyntaxFactory.Space))
                .WithTrailingTrivia(end));
    }

    private static IEnumerable<MemberDeclarationSyntax> Members(
        string name, IReadOnlyList<IFieldSymbol> fields, string anything)
    {
        string equal = string.Join(" && ", fields.Select(Comparison));
        yield return Member($"public readonly bool Equals({name} other) => {equal};");
        yield return Member(
            $"public override readonly bool Equals({anything} obj) => obj is {name} other && Equals(other);");
        yield return Member(HashCode(fields));
    }

    private static string HashCode(IReadOnlyList<IFieldSymbol> fields)
    {
        const string Head = "public override readonly int GetHashCode()";
        if (fields.Count <= MaxCombined)
        {
            return $"{Head} => System.HashCode.Combine({string.Join(", ", fields.Select(NameOf))});";
        }

        string hash = Unused("hash", fields);
        string steps = string.Concat(fields.Select(field => $"    {hash}.Add({NameOf(field)});\n"));
        return $"{Head}\n{{\n    var {hash} = new System.HashCode();\n{steps}"
            + $"    return {hash}.ToHashCode();\n}}";
    }

    private static string Unused(string name, IReadOnlyList<IFieldSymbol> fields)
    {
        while (fields.Any(field => NameOf(field) == name))
        {
            name = "_" + name;
        }

        return name;
    }

    private static string Comparison(IFieldSymbol field)
    {
        string name = NameOf(field);
        return field.Type.SpecialType is SpecialType.System_Single or SpecialType.System_Double
            // As before: NaN is as good as itself.
            ? $"{name}.Equals(other.{name})"
            : field.Type.IsValueType && field.Type.SpecialType != SpecialType.None
            ? $"{name} == other.{name}"
            : $"System.Collections.Generic.EqualityComparer<{field.Type.ToDisplayString()}>.Default"
                + $".Equals({name}, other.{name})";
    }

    // The field of a property is the property.
    private static string NameOf(IFieldSymbol field) => field.AssociatedSymbol?.Name ?? field.Name;

    private static MemberDeclarationSyntax Member(string text) =>
        SyntaxFactory.ParseMemberDeclaration(text)!
            .WithLeadingTrivia(SyntaxFactory.ElasticLineFeed)
            .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed)
            .WithAdditionalAnnotations(Simplifier.Annotation);
}
