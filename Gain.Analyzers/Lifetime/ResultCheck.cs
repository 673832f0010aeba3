using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Calls of connections, datagrams and handles whose result, or whose receiver, cannot be right.
/// </summary>
internal sealed class ResultCheck(
    INamedTypeSymbol connection, INamedTypeSymbol? datagram, INamedTypeSymbol handle)
{
    public void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        IMethodSymbol method = call.TargetMethod;
        bool isHandles = SymbolEqualityComparer.Default.Equals(method.ContainingType, handle);
        if (!isHandles
            && !SymbolEqualityComparer.Default.Equals(method.ContainingType, connection)
            && !SymbolEqualityComparer.Default.Equals(method.ContainingType, datagram))
        {
            return;
        }

        if (isHandles && !method.IsStatic && CheckReceiver(context, call))
        {
            return;
        }

        if (method.ReturnType.SpecialType == SpecialType.System_Boolean
            && IsTry(method, isHandles)
            && IsIgnored(call))
        {
            string loss = isHandles ? "the request is lost" : "nothing was queued";
            Report(context, LifetimeRules.IgnoredResult, call, method.Name, loss);
        }
    }

    private static bool IsTry(IMethodSymbol method, bool isHandles) =>
        method.Name.StartsWith("Try", System.StringComparison.Ordinal)
        || (isHandles && method.Name is not "Equals");

    // "_ = TrySend(…)" says that the loss is meant.
    private static bool IsIgnored(IInvocationOperation call) => call.Parent is IExpressionStatementOperation;

    // Whether it is reported.
    private bool CheckReceiver(OperationAnalysisContext context, IInvocationOperation call)
    {
        switch (call.Instance)
        {
            case IDefaultValueOperation or IObjectCreationOperation { Arguments.IsEmpty: true }:
                Report(context, LifetimeRules.DefaultHandle, call, call.TargetMethod.Name);
                return true;
            case IPropertyReferenceOperation { Property: { Name: "Handle" } property }
                when SymbolEqualityComparer.Default.Equals(property.ContainingType, connection)
                    && !connection.GetMembers(call.TargetMethod.Name).IsEmpty:
                Report(context, LifetimeRules.OwnHandle, call, call.TargetMethod.Name);
                return true;
            default:
                return false;
        }
    }

    private static void Report(
        OperationAnalysisContext context,
        DiagnosticDescriptor rule,
        IInvocationOperation call,
        params string[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, call.Syntax.GetLocation(), arguments));
}
