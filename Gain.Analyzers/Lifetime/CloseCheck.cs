using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Writes to a connection after a close, where every way leads through the close: in the same block, or in
/// one nested in what follows.
/// </summary>
internal sealed class CloseCheck(INamedTypeSymbol connection)
{
    public void Analyze(OperationAnalysisContext context)
    {
        ImmutableArray<IOperation> statements = ((IBlockOperation)context.Operation).Operations;
        for (int i = 0; i < statements.Length; i++)
        {
            if (CloseIn(statements[i]) is not { } close || VariableOf(close) is not { } variable)
            {
                continue;
            }

            for (int j = i + 1; j < statements.Length; j++)
            {
                Check(context, statements[j], variable, close.TargetMethod.Name);
            }

            // Of two closes in a block the first tells all.
            return;
        }
    }

    private IInvocationOperation? CloseIn(IOperation statement) =>
        statement is IExpressionStatementOperation { Operation: IInvocationOperation call }
        && IsConnections(call)
        && call.TargetMethod.Name is "Close" or "Abort"
            ? (IInvocationOperation)((IExpressionStatementOperation)statement).Operation
            : null;

    private void Check(
        OperationAnalysisContext context, IOperation statement, ISymbol variable, string closer)
    {
        foreach (IOperation operation in statement.DescendantsAndSelf())
        {
            // What it is asked after the close it still knows; what it is given is dropped.
            if (operation is IInvocationOperation call
                && IsConnections(call)
                && IsWrite(call.TargetMethod)
                && SymbolEqualityComparer.Default.Equals(VariableOf(call), variable))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    LifetimeRules.UseAfterClose, call.Syntax.GetLocation(), call.TargetMethod.Name, closer));
            }
        }
    }

    private bool IsConnections(IInvocationOperation call) =>
        SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, connection);

    private static bool IsWrite(IMethodSymbol method) =>
        method.Name.IndexOf("Send", StringComparison.Ordinal) >= 0
        || method.Name is "Advance" or "TryAdvance" or "GetSpan" or "SetTimer" or "Close";

    private static ISymbol? VariableOf(IInvocationOperation call) => call.Instance switch
    {
        IParameterReferenceOperation { Parameter: var parameter } => parameter,
        ILocalReferenceOperation { Local: var local } => local,
        _ => null,
    };
}
