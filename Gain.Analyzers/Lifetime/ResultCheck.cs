using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Calls of connections, datagrams and handles whose result, or whose receiver, cannot be right.
/// </summary>
internal sealed class ResultCheck(
    CallTargets targets,
    INamedTypeSymbol connection,
    INamedTypeSymbol handle,
    params INamedTypeSymbol?[] others)
{
    // A helper of a helper of a helper.
    private const int MaxDepth = 4;

    private readonly DefaultFields _defaults = new(targets);

    public void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        IMethodSymbol method = call.TargetMethod;
        if (IsHandles(method) && !method.IsStatic && CheckReceiver(context, call))
        {
            return;
        }

        if (method.Name == "Hold" && Is(method.ContainingType, connection) && IsIgnored(call))
        {
            Report(context, LifetimeRules.LostHold, call, method.Name);
        }

        if (!IsOutcome(method.ReturnType) || !IsIgnored(call))
        {
            return;
        }

        if (TryIn(method, context.CancellationToken) is { } tried)
        {
            ReportLoss(context, call, method, tried);
        }

        // Task.Run(() => handle.TryClose()): the task knows, and nobody asks it.
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (FunctionOf(argument.Value) is { } function
                && OutcomeOf(function) is { } outcome
                && TryIn(outcome.Method, context.CancellationToken) is { } deferred)
            {
                ReportLoss(context, outcome.At, outcome.Method, deferred);
            }
        }
    }

    private void ReportLoss(
        OperationAnalysisContext context, IOperation at, IMethodSymbol method, IMethodSymbol tried)
    {
        string loss = IsHandles(tried) ? "the request is lost" : "nothing was queued";
        Report(context, LifetimeRules.IgnoredResult, at, method.Name, loss);
    }

    // A bool, or a task of one.
    private static bool IsOutcome(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Boolean
        || type is INamedTypeSymbol
        {
            Name: "Task" or "ValueTask",
            TypeArguments: [{ SpecialType: SpecialType.System_Boolean }],
        };

    private static IOperation? FunctionOf(IOperation argument) => argument switch
    {
        IConversionOperation conversion => FunctionOf(conversion.Operand),
        IDelegateCreationOperation creation => creation.Target,
        _ => null,
    };

    // What a function returns where that is the result of one call.
    private static (IOperation At, IMethodSymbol Method)? OutcomeOf(IOperation function) => function switch
    {
        IMethodReferenceOperation reference => (reference, reference.Method),
        IAnonymousFunctionOperation lambda
            when OnlyCallIn([.. lambda.Body.Descendants().OfType<IReturnOperation>()]) is { } call =>
            (call, call.TargetMethod),
        _ => null,
    };

    private bool IsHandles(IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, handle);

    private bool IsTry(IMethodSymbol method) => IsHandles(method)
        ? method.Name is not "Equals"
        : method.Name.StartsWith("Try", System.StringComparison.Ordinal)
            && (Is(method.ContainingType, connection)
                || others.Any(one => Is(method.ContainingType, one)));

    private static bool Is(INamedTypeSymbol type, INamedTypeSymbol? other) =>
        SymbolEqualityComparer.Default.Equals(type, other);

    // The try that a method is, or whose result it returns as its own.
    private IMethodSymbol? TryIn(IMethodSymbol method, CancellationToken cancellation)
    {
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            if (IsTry(method))
            {
                return method;
            }

            if (!targets.IsOwn(method)
                || targets.BodiesOf(method, cancellation) is not [{ } body]
                || OnlyCallIn([.. body.Descendants().OfType<IReturnOperation>()]) is not { } returned)
            {
                return null;
            }

            method = returned.TargetMethod;
        }

        return null;
    }

    // What a method returns where it does not return a constant.
    private static IInvocationOperation? OnlyCallIn(IReturnOperation[] returns)
    {
        IOperation?[] values =
        [
            .. returns.Select(static one => one.ReturnedValue)
                .Where(static value => value is not { ConstantValue.HasValue: true }),
        ];
        return values is [IInvocationOperation call] ? call : null;
    }

    // "_ = TrySend(…)" says that the loss is meant; a variable that nobody reads does not.
    private bool IsIgnored(IInvocationOperation call) => ResultOf(call).Parent switch
    {
        IExpressionStatementOperation => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } =>
            !UsesOf(local, call).Any(static use => !IsTarget(use)),
        ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment
            when assignment.Parent is IExpressionStatementOperation =>
            !UsesOf(local, call).Any(static use => !IsTarget(use)),
        ISimpleAssignmentOperation { Target: IFieldReferenceOperation { Field: var field } } assignment
            when assignment.Parent is IExpressionStatementOperation
            && field.DeclaredAccessibility == Accessibility.Private => !IsRead(field),
        _ => false,
    };

    // A call in a condition is the condition, and one that is waited for is what it comes to.
    private static IOperation ResultOf(IOperation call)
    {
        while (call.Parent is IBinaryOperation or IUnaryOperation or IAwaitOperation
            or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
        {
            call = call.Parent;
        }

        return call;
    }

    private static bool IsTarget(IOperation use) =>
        use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use;

    // Whether anything in a private field's type reads it.
    private bool IsRead(IFieldSymbol field)
    {
        foreach (ISymbol member in field.ContainingType.GetMembers())
        {
            if (member is IMethodSymbol method
                && targets.BodiesOf(method, default).SelectMany(static body => body.Descendants()).Any(use =>
                    use is IFieldReferenceOperation reference
                    && SymbolEqualityComparer.Default.Equals(reference.Field, field)
                    && !IsTarget(use)))
            {
                return true;
            }
        }

        return !field.ContainingType.GetTypeMembers().IsEmpty;
    }

    private static IEnumerable<ILocalReferenceOperation> UsesOf(ILocalSymbol local, IOperation within)
    {
        IOperation root = within;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return root.Descendants().OfType<ILocalReferenceOperation>()
            .Where(use => SymbolEqualityComparer.Default.Equals(use.Local, local));
    }

    // What a variable was made with, that nothing else is assigned to.
    private static IOperation? ValueOf(IOperation? instance)
    {
        if (instance is not ILocalReferenceOperation { Local: var local })
        {
            return instance;
        }

        bool isChanged = UsesOf(local, instance).Any(static use => use.Parent is IAssignmentOperation
            or ITupleOperation or IArgumentOperation { Parameter.RefKind: not RefKind.None });
        IOperation root = instance;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        return isChanged
            ? null
            : root.Descendants().OfType<IVariableDeclaratorOperation>()
                .FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.Symbol, local))
                ?.Initializer?.Value;
    }

    // What Connection has for it: TrySend, or Close for TryClose; null when it has nothing.
    private string? OwnMember(string name)
    {
        string plain = name.StartsWith("Try", System.StringComparison.Ordinal) ? name.Substring(3) : name;
        return !connection.GetMembers(name).IsEmpty ? name
            : !connection.GetMembers(plain).IsEmpty ? plain
            : null;
    }

    // Whether it is reported.
    private bool CheckReceiver(OperationAnalysisContext context, IInvocationOperation call)
    {
        IOperation? value = ValueOf(call.Instance);
        switch (value is IConversionOperation conversion ? conversion.Operand : value)
        {
            case IDefaultValueOperation or IObjectCreationOperation { Arguments.IsEmpty: true }:
            case IFieldReferenceOperation { Field: var field }
                when _defaults.IsDefault(field, context.CancellationToken):
                Report(context, LifetimeRules.DefaultHandle, call, call.TargetMethod.Name);
                return true;
            case IPropertyReferenceOperation { Property: { Name: "Handle" } property }
                when SymbolEqualityComparer.Default.Equals(property.ContainingType, connection)
                    && OwnMember(call.TargetMethod.Name) is { } own:
                Report(context, LifetimeRules.OwnHandle, call, call.TargetMethod.Name, own);
                return true;
            default:
                return false;
        }
    }

    private static void Report(
        OperationAnalysisContext context,
        DiagnosticDescriptor rule,
        IOperation call,
        params string[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, call.Syntax.GetLocation(), arguments));
}
