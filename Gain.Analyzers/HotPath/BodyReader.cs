using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.HotPath;

/// <summary>
/// The operations of a method's bodies, a constructor's with the initializers that it runs.
/// </summary>
internal sealed class BodyReader(Compilation compilation)
{
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();

    public ImmutableArray<IOperation> Read(IMethodSymbol method, CancellationToken cancellation)
    {
        ImmutableArray<IOperation>.Builder roots = ImmutableArray.CreateBuilder<IOperation>();
        bool initializes = method.MethodKind == MethodKind.Constructor;
        foreach (SyntaxReference reference in method.DeclaringSyntaxReferences)
        {
            SyntaxNode node = reference.GetSyntax(cancellation);
            if (node is ConstructorDeclarationSyntax { Initializer: { } initializer })
            {
                initializes &= initializer.ThisOrBaseKeyword.Text != "this";
            }

            if (node is TypeDeclarationSyntax type)
            {
                node = type.BaseList is { Types: var types } && types.Count > 0 ? types[0] : node;
                if (node is not PrimaryConstructorBaseTypeSyntax
                    || method.MethodKind != MethodKind.Constructor)
                {
                    continue;
                }
            }

            Add(node, roots, cancellation);
        }

        if (initializes)
        {
            AddInitializers(method.ContainingType, roots, cancellation);
        }

        return roots.ToImmutable();
    }

    /// <summary>What a field or property is initialized with; nothing where it is not.</summary>
    public ImmutableArray<IOperation> ReadInitializer(ISymbol member, CancellationToken cancellation)
    {
        ImmutableArray<IOperation>.Builder roots = ImmutableArray.CreateBuilder<IOperation>();
        AddInitializer(member, roots, cancellation);
        return roots.ToImmutable();
    }

    private void AddInitializers(
        INamedTypeSymbol type, ImmutableArray<IOperation>.Builder roots, CancellationToken cancellation)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (!member.IsStatic && member is (IFieldSymbol or IPropertySymbol or IEventSymbol))
            {
                AddInitializer(member, roots, cancellation);
            }
        }
    }

    private void AddInitializer(
        ISymbol member, ImmutableArray<IOperation>.Builder roots, CancellationToken cancellation)
    {
        foreach (SyntaxReference reference in member.DeclaringSyntaxReferences)
        {
            EqualsValueClauseSyntax? value = reference.GetSyntax(cancellation) switch
            {
                VariableDeclaratorSyntax declarator => declarator.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            if (value is not null)
            {
                Add(value, roots, cancellation);
            }
        }
    }

    private void Add(
        SyntaxNode node, ImmutableArray<IOperation>.Builder roots, CancellationToken cancellation)
    {
        // A body may lie in any file: no action hands out the models of the files that it calls into.
#pragma warning disable RS1030
        SemanticModel model = _models.GetOrAdd(node.SyntaxTree, tree => compilation.GetSemanticModel(tree));
#pragma warning restore RS1030
        if (model.GetOperation(node, cancellation) is { } operation)
        {
            roots.Add(operation);
        }
    }
}
