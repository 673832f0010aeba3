using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>
/// What the read-only fields and properties of the compilation hold, where that is a delegate: the functions
/// that their initializers and the constructors give them.
/// </summary>
internal sealed class HeldDelegates(BodyReader bodies)
{
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<IMethodSymbol>> _known =
        new(SymbolEqualityComparer.Default);

    /// <summary>
    /// The functions; default where one of them is not known, or the holder is another assembly's.
    /// </summary>
    public ImmutableArray<IMethodSymbol> Of(ISymbol holder, CancellationToken cancellation) =>
        _known.TryGetValue(holder, out ImmutableArray<IMethodSymbol> known)
            ? known
            : _known.GetOrAdd(holder, Read(holder, cancellation));

    private ImmutableArray<IMethodSymbol> Read(ISymbol holder, CancellationToken cancellation)
    {
        if (holder.DeclaringSyntaxReferences.IsEmpty
            || (holder is IPropertySymbol { GetMethod: { } getter } && !IsAutomatic(getter, cancellation)))
        {
            return default;
        }

        var functions = ImmutableArray.CreateBuilder<IMethodSymbol>();
        ImmutableArray<IOperation> initial = bodies.ReadInitializer(holder, cancellation);
        bool isGiven = false;
        foreach (IOperation value in initial)
        {
            isGiven = true;
            if (value is not ISymbolInitializerOperation { Value: { } given }
                || !Add(given, [value], functions))
            {
                return default;
            }
        }

        foreach (ISymbol member in holder.ContainingType.GetMembers())
        {
            if (member is not IMethodSymbol { MethodKind: MethodKind.Constructor
                    or MethodKind.StaticConstructor } constructor
                || constructor.IsStatic != holder.IsStatic)
            {
                continue;
            }

            ImmutableArray<IOperation> body = bodies.Read(constructor, cancellation);
            foreach (IOperation value in AssignedIn(body, holder))
            {
                isGiven = true;
                if (!Add(value, body, functions))
                {
                    return default;
                }
            }
        }

        return isGiven ? functions.ToImmutable() : default;
    }

    // A property that computes what it returns is called, and asked itself.
    private static bool IsAutomatic(IMethodSymbol getter, CancellationToken cancellation)
    {
        foreach (SyntaxReference reference in getter.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation)
                is not Microsoft.CodeAnalysis.CSharp.Syntax.AccessorDeclarationSyntax
                {
                    Body: null, ExpressionBody: null,
                })
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<IOperation> AssignedIn(ImmutableArray<IOperation> body, ISymbol holder)
    {
        foreach (IOperation root in body)
        {
            foreach (IOperation operation in root.DescendantsAndSelf())
            {
                if (operation is ISimpleAssignmentOperation
                    {
                        Target: IMemberReferenceOperation { Member: var member },
                    } assignment
                    && SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, holder))
                {
                    yield return assignment.Value;
                }
            }
        }
    }

    private static bool Add(
        IOperation value, ImmutableArray<IOperation> roots, ImmutableArray<IMethodSymbol>.Builder functions)
    {
        // A parameter of the constructor's, and what another field holds, is too far away.
        (ImmutableArray<ISymbol> holders, bool isUnknown) = DelegateTrace.Of(value, roots);
        if (isUnknown || !holders.IsEmpty || UsesParameter(value))
        {
            return false;
        }

        foreach (IOperation operation in value.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IAnonymousFunctionOperation function when !IsWithinAnother(function, value):
                    functions.Add(function.Symbol);
                    break;
                case IMethodReferenceOperation reference when !IsWithinAnother(reference, value):
                    functions.Add(reference.Method);
                    break;
                default:
                    break;
            }
        }

        return true;
    }

    private static bool UsesParameter(IOperation value)
    {
        foreach (IOperation operation in value.DescendantsAndSelf())
        {
            if (operation is IParameterReferenceOperation && !IsWithinAnother(operation, value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWithinAnother(IOperation operation, IOperation root)
    {
        for (IOperation? at = operation.Parent; at is not null && operation != root; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation)
            {
                return true;
            }

            if (at == root)
            {
                return false;
            }
        }

        return false;
    }
}
