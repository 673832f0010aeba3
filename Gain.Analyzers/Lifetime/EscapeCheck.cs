using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// The ways around the compiler's rules for spans: an address of a callback's data, taken by MemoryMarshal,
/// Unsafe or 'fixed', that is handed on or stored.
/// </summary>
internal sealed class EscapeCheck(WellKnownTypes types)
{
    public void Analyze(OperationAnalysisContext context)
    {
        if (context.ContainingSymbol is not IMethodSymbol method || !Callbacks.IsHot(method, types))
        {
            return;
        }

        switch (context.Operation)
        {
            case IInvocationOperation call when IsDoor(call.TargetMethod):
                CheckCall(context, call);
                break;
            case IVariableDeclaratorOperation { Symbol: { IsFixed: true } } declarator:
                CheckFixed(context, declarator);
                break;
            default:
                break;
        }
    }

    // What makes a reference or a pointer of a span without the compiler following it.
    private static bool IsDoor(IMethodSymbol method) =>
        (method.ContainingType.Name == "MemoryMarshal"
            && method.Name is "GetReference" or "CreateSpan" or "CreateReadOnlySpan")
        || (method.ContainingType.Name == "Unsafe" && method.Name == "AsPointer");

    private void CheckCall(OperationAnalysisContext context, IInvocationOperation call)
    {
        // A reference that is only read or passed by reference ends with the callback by the compiler's
        // rules.
        if (call.TargetMethod.Name != "AsPointer")
        {
            return;
        }

        if (Lent(call) is { } parameter)
        {
            Report(context, call, call.TargetMethod.Name, parameter);
        }
    }

    // fixed (byte* p = data): within its block the pointer is right; stored, it outlives the callback.
    private void CheckFixed(OperationAnalysisContext context, IVariableDeclaratorOperation declarator)
    {
        IOperation? value = declarator.Initializer?.Value ?? (declarator.Parent?.Parent as IOperation);
        if (value is null || Lent(value) is not { } parameter)
        {
            return;
        }

        IOperation? root = declarator;
        while (root.Parent is not null)
        {
            root = root.Parent;
        }

        foreach (IOperation operation in root.Descendants())
        {
            if (operation is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, declarator.Symbol)
                && IsKept(reference))
            {
                Report(context, operation, "What stores the pointer", parameter);
            }
        }
    }

    // Assigned to what lives longer than the block.
    private static bool IsKept(IOperation reference)
    {
        IOperation? at = reference.Parent;
        while (at is IConversionOperation)
        {
            at = at.Parent;
        }

        return at is ISimpleAssignmentOperation
        {
            Target: IFieldReferenceOperation or IPropertyReferenceOperation
                or IArrayElementReferenceOperation,
        };
    }

    // A span parameter of the callback in what an expression is made of.
    private IParameterSymbol? Lent(IOperation operation) =>
        operation.DescendantsAndSelf().OfType<IParameterReferenceOperation>()
            .Select(static reference => reference.Parameter)
            .FirstOrDefault(parameter => types.IsSpan(parameter.Type));

    private static void Report(
        OperationAnalysisContext context, IOperation operation, string what, IParameterSymbol parameter) =>
        context.ReportDiagnostic(Diagnostic.Create(
            LifetimeRules.Escape, operation.Syntax.GetLocation(), what, parameter.Name));
}
