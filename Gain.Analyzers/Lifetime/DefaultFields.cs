using System.Linq;
using System.Threading;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>Read-only fields that hold the default of their type, because nothing writes to them.</summary>
internal sealed class DefaultFields(CallTargets targets)
{
    /// <summary>
    /// Whether a field is read-only, so that all that may write to it is in its type, and none of that does.
    /// </summary>
    public bool IsDefault(IFieldSymbol field, CancellationToken cancellation)
    {
        INamedTypeSymbol type = field.ContainingType;
        return SymbolEqualityComparer.Default.Equals(field, field.OriginalDefinition)
            && field.IsReadOnly
            && field.DeclaringSyntaxReferences is [var reference]
            && reference.GetSyntax(cancellation) is VariableDeclaratorSyntax declarator
            && IsDefault(declarator.Initializer?.Value)
            && !type.GetMembers().OfType<IMethodSymbol>().Any(method => Writes(method, field, cancellation));
    }

    private static bool IsDefault(ExpressionSyntax? initializer) => initializer switch
    {
        null or DefaultExpressionSyntax => true,
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.DefaultLiteralExpression),
        BaseObjectCreationExpressionSyntax creation =>
            creation is { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } },
        _ => false,
    };

    private bool Writes(IMethodSymbol method, IFieldSymbol field, CancellationToken cancellation) =>
        targets.BodiesOf(method, cancellation).SelectMany(static body => body.DescendantsAndSelf()).Any(use =>
            use is IFieldReferenceOperation reference
            && SymbolEqualityComparer.Default.Equals(reference.Field, field)
            && IsWritten(reference));

    private static bool IsWritten(IOperation use) => use.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == use,
        IArgumentOperation argument => argument.Parameter is not { RefKind: RefKind.None or RefKind.In },
        ITupleOperation { Parent: var parent } => parent is IDeconstructionAssignmentOperation,
        IAddressOfOperation => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
        IReturnOperation => use.Syntax.Parent is RefExpressionSyntax,
        _ => false,
    };
}
