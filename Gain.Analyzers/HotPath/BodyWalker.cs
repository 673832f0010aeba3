using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Threading;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.Blocking;
using Gain.Analyzers.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>
/// Reads one method's operations once, and finds what allocates or blocks in it and what it calls. Lambdas
/// and local functions count as part of the method that declares them, unless another thread runs them.
/// </summary>
internal sealed partial class BodyWalker : OperationWalker
{
    private readonly WellKnownTypes _types;
    private readonly IMethodSymbol _method;
    private readonly ImmutableArray<IOperation> _roots;
    private readonly CancellationToken _cancellation;
    private readonly ImmutableArray<Site>.Builder _sites = ImmutableArray.CreateBuilder<Site>();
    private readonly ImmutableArray<Call>.Builder _calls = ImmutableArray.CreateBuilder<Call>();

    // The outermost operation, around the one being visited, from which control leaves by a throw only, or
    // that a session is away for.
    private IOperation? _throwPath;
    private Dictionary<IMethodSymbol, ILocalFunctionOperation>? _localFunctions;

    private BodyWalker(
        WellKnownTypes types,
        IMethodSymbol method,
        ImmutableArray<IOperation> roots,
        CancellationToken cancellation)
    {
        _types = types;
        _method = method;
        _roots = roots;
        _cancellation = cancellation;
    }

    /// <summary>Summarizes a method of which the operations are the bodies.</summary>
    public static MethodSummary Summarize(
        WellKnownTypes types,
        IMethodSymbol method,
        ImmutableArray<IOperation> roots,
        CancellationToken cancellation)
    {
        var walker = new BodyWalker(types, method, roots, cancellation);
        walker.AddAsyncSite();
        if ((method.MethodImplementationFlags & MethodImplAttributes.Synchronized) != 0)
        {
            walker._sites.Add(new Site(BlockingRules.Lock, method.Locations[0], Name(method)));
        }

        foreach (IOperation root in roots)
        {
            walker.Visit(root);
        }

        return walker._sites.Count + walker._calls.Count == 0
            ? MethodSummary.Empty
            : new MethodSummary(walker._sites.ToImmutable(), walker._calls.ToImmutable())
            {
                IsIterator = Yields(method, roots),
            };
    }

    public override void Visit(IOperation? operation)
    {
        _cancellation.ThrowIfCancellationRequested();
        base.Visit(operation);
    }

    public override void VisitNameOf(INameOfOperation operation)
    {
        // Its argument is never evaluated.
    }

    private static string Name(ISymbol? symbol) =>
        symbol?.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat) ?? "?";

    /// <summary>Where a name stands, rather than the whole expression around it.</summary>
    private static Location LocationOf(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => LocationOf(call.Expression),
        MemberAccessExpressionSyntax access => access.Name.GetLocation(),
        MemberBindingExpressionSyntax binding => binding.Name.GetLocation(),
        ConditionalAccessExpressionSyntax conditional => LocationOf(conditional.WhenNotNull),
        CommonForEachStatementSyntax loop => loop.Expression.GetLocation(),
        AnonymousMethodExpressionSyntax method => method.DelegateKeyword.GetLocation(),
        LambdaExpressionSyntax lambda => lambda.ArrowToken.GetLocation(),
        LocalFunctionStatementSyntax function => function.Identifier.GetLocation(),
        LockStatementSyntax statement => statement.LockKeyword.GetLocation(),
        _ => node.GetLocation(),
    };

    private void Report(DiagnosticDescriptor rule, Location location, string what)
    {
        if (_throwPath is null)
        {
            _sites.Add(new Site(rule, location, what));
        }
    }

    private void Report(
        DiagnosticDescriptor rule, IOperation operation, string what, ITypeSymbol? unlessReference = null)
    {
        if (_throwPath is null)
        {
            _sites.Add(new Site(rule, LocationOf(operation.Syntax), what, unlessReference));
        }
    }

    private void AddSite(Site site)
    {
        if (_throwPath is null)
        {
            _sites.Add(site);
        }
    }

    // Blocking counts on every path.
    private void ReportBlocking(DiagnosticDescriptor rule, IOperation operation, string what) =>
        _sites.Add(new Site(rule, LocationOf(operation.Syntax), what));

    private void AddCall(
        IMethodSymbol? target,
        IOperation operation,
        ITypeSymbol? receiver = null,
        bool isVirtual = false,
        bool isExempt = false,
        ISymbol? holder = null)
    {
        if (target is not null)
        {
            isExempt |= _throwPath is not null || ScalarQueries.IsOne(operation)
                || IdleCalls.IsOne(operation);
            ITypeSymbol? source = SourceOf(operation);
            _calls.Add(new Call(
                target, receiver, isVirtual, isExempt, LocationOf(operation.Syntax), holder)
            {
                IsAtOnce = WaitsForNothing(operation) || CompletionGuard.Covers(operation),
                Source = source,
                Sibling = SiblingInScope(target, source, operation),
                TakesIo = TakesIo(operation),
                IsOnlyMade = IsOnlyMade(operation),
                IsValid = EncodedInput.IsValid(operation),
            });
        }
    }

    // The call of an async method makes its task, and a suspension moves its locals to the heap.
    private void AddAsyncSite()
    {
        if (AsyncText(_method, Name(_method), _roots) is { } text)
        {
            Report(AllocationRules.Task, _method.Locations[0], text);
        }

        if (Yields(_method, _roots))
        {
            Report(AllocationRules.Iterator, _method.Locations[0], IteratorText(_method));
        }
    }

    // Null where an async method's task costs nothing.
    private string? AsyncText(IMethodSymbol method, string name, ImmutableArray<IOperation> roots)
    {
        if (!method.IsAsync || IsPooled(method))
        {
            return null;
        }

        if (Suspends(roots))
        {
            return $"{name} is async: when it suspends, its state moves to the managed heap";
        }

        // That of a bool is kept for both values; a ValueTask holds its result itself.
        return method.ReturnType is INamedTypeSymbol { MetadataName: "Task`1", TypeArguments: [var result] }
            && result.SpecialType != SpecialType.System_Boolean
            ? $"{name} is async: its result is put into a {Name(method.ReturnType)}"
            : null;
    }

    private static string IteratorText(IMethodSymbol method) =>
        $"{Name(method)} is an iterator: each call creates an object";
}
