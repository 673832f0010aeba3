using System.Collections.Generic;
using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>What statements and conditions do to what is known.</summary>
internal sealed partial class CloseWalker
{
    private IReadOnlyCollection<CloseFact> Run(IOperation operation, IReadOnlyCollection<CloseFact> facts)
    {
        // A function runs when it is called, and cannot take a connection with it.
        if (operation is IFlowAnonymousFunctionOperation or INameOfOperation)
        {
            return facts;
        }

        foreach (IOperation child in operation.ChildOperations)
        {
            facts = Run(child, facts);
        }

        switch (operation)
        {
            case IInvocationOperation call:
                return RunCall(call, facts);
            case IAssignmentOperation { Target: var target }:
                facts = Forget(target, facts);
                return operation is ISimpleAssignmentOperation { Value: IInvocationOperation given }
                    && target is ILocalReferenceOperation { Local: var local }
                    && local.Type.SpecialType == SpecialType.System_Boolean
                    ? Fork(given, local.Name, facts)
                    : facts;
            case IIncrementOrDecrementOperation { Target: var target }:
                return Forget(target, facts);
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: var value }:
                return Forget(value, facts);
            default:
                return facts;
        }
    }

    private static IReadOnlyCollection<CloseFact> Forget(
        IOperation target, IReadOnlyCollection<CloseFact> facts)
    {
        string? name = target switch
        {
            ILocalReferenceOperation { Local.Name: var local } => local,
            IParameterReferenceOperation { Parameter.Name: var parameter } => parameter,
            IMemberReferenceOperation { Member.Name: var member } => member,
            IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared } =>
                declared.Local.Name,
            _ => null,
        };
        return name is null ? facts : Distinct(facts.Select(fact => fact.Without(name)));
    }

    private IReadOnlyCollection<CloseFact> RunCall(
        IInvocationOperation call, IReadOnlyCollection<CloseFact> facts)
    {
        IMethodSymbol method = call.TargetMethod;
        if (_summaries.IsConnection(method.ContainingType))
        {
            if (!IsVariable(call.Instance))
            {
                return facts;
            }

            Check(call, facts);
            return method.Name is "Close" or "Abort" ? Close(facts, method.Name) : facts;
        }

        if (IsPost(call))
        {
            CheckPost(call, facts);
            return facts;
        }

        CheckPassed(call, facts);
        return Closes(call, outcome: true) && Closes(call, outcome: false)
            ? Close(facts, method.Name)
            : facts;
    }

    // A helper that closes only when it returns true, or false: its result tells.
    private IReadOnlyCollection<CloseFact> Fork(
        IInvocationOperation call, string name, IReadOnlyCollection<CloseFact> facts)
    {
        bool whenTrue = Closes(call, outcome: true);
        bool whenFalse = Closes(call, outcome: false);
        return whenTrue == whenFalse
            ? facts
            : Distinct(facts.SelectMany(fact => new[]
            {
                (whenTrue ? fact.Closed(call.TargetMethod.Name) : fact).With(name, true),
                (whenFalse ? fact.Closed(call.TargetMethod.Name) : fact).With(name, false),
            }));
    }

    // The facts where a condition comes out so.
    private IReadOnlyCollection<CloseFact> Where(
        IOperation condition, bool outcome, IReadOnlyCollection<CloseFact> facts)
    {
        (IOperation inner, bool isNegated) = Bare(condition);
        bool value = outcome != isNegated;
        switch (inner)
        {
            // A closed connection says so.
            case IPropertyReferenceOperation { Property.Name: "IsClosing" } property
                when IsVariable(property.Instance):
                return value ? facts : [.. facts.Where(static fact => fact.Closer is null)];
            case IInvocationOperation call when Closes(call, value):
                return Close(facts, call.TargetMethod.Name);
            default:
                return Test(condition) is { } test && _conditions.Contains(test.Text)
                    ? Distinct(facts.Select(fact => fact.With(test.Text, outcome != test.IsNegated)))
                    : facts;
        }
    }

    // A condition in one form for what it says and for its opposite; null when asking changes something.
    private static (string Text, bool IsNegated)? Test(IOperation condition)
    {
        (IOperation inner, bool isNegated) = Bare(condition);
        if (inner.DescendantsAndSelf().Any(static one => one is IInvocationOperation or IAssignmentOperation
            or IIncrementOrDecrementOperation or IFlowCaptureReferenceOperation or IAwaitOperation))
        {
            return null;
        }

        if (inner is IBinaryOperation binary)
        {
            string left = TextOf(binary.LeftOperand);
            string right = TextOf(binary.RightOperand);
            switch (binary.OperatorKind)
            {
                case BinaryOperatorKind.NotEquals:
                    return ($"{left} == {right}", !isNegated);
                case BinaryOperatorKind.Equals:
                    return ($"{left} == {right}", isNegated);
                case BinaryOperatorKind.LessThanOrEqual:
                    return ($"{left} > {right}", !isNegated);
                case BinaryOperatorKind.GreaterThan:
                    return ($"{left} > {right}", isNegated);
                case BinaryOperatorKind.GreaterThanOrEqual:
                    return ($"{left} < {right}", !isNegated);
                case BinaryOperatorKind.LessThan:
                    return ($"{left} < {right}", isNegated);
                default:
                    break;
            }
        }

        return (TextOf(inner), isNegated);
    }

    private static (IOperation Inner, bool IsNegated) Bare(IOperation condition)
    {
        bool isNegated = false;
        while (true)
        {
            switch (condition)
            {
                case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand }:
                    isNegated = !isNegated;
                    condition = operand;
                    break;
                case IConversionOperation { Operand: var operand }:
                    condition = operand;
                    break;
                case IIsPatternOperation
                {
                    Pattern: IConstantPatternOperation
                    {
                        Value.ConstantValue: { HasValue: true, Value: bool expected },
                    },
                    Value: var value,
                }:
                    isNegated ^= !expected;
                    condition = value;
                    break;
                default:
                    return (condition, isNegated);
            }
        }
    }

    private static string TextOf(IOperation operation) => operation.Syntax.ToString();

    private bool Closes(IInvocationOperation call, bool outcome)
    {
        bool any = false;
        foreach (CloseSummary summary in SummariesOf(call, isClosed: false))
        {
            any = true;
            if (!(outcome ? summary.ClosesWhenTrue : summary.ClosesWhenFalse))
            {
                return false;
            }
        }

        return any;
    }

    private IEnumerable<CloseSummary> SummariesOf(IInvocationOperation call, bool isClosed)
    {
        // A member of an extension block, of which the connection is the receiver.
        if (IsVariable(call.Instance) && _summaries.Targets.IsOwn(call.TargetMethod))
        {
            yield return _summaries.OfReceiver(call.TargetMethod, isClosed, _graph);
        }

        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is not { } parameter || !IsVariable(argument.Value))
            {
                continue;
            }

            ITypeSymbol? receiver = call.ConstrainedToType ?? call.Instance?.Type;
            bool isVirtual = call.IsVirtual || call.ConstrainedToType is not null;
            Substitution none = _summaries.Targets.SubstitutionOf(call.TargetMethod.OriginalDefinition);
            foreach (IMethodSymbol target in _summaries.Targets.Of(
                call.TargetMethod, receiver, isVirtual, none))
            {
                yield return _summaries.Targets.IsOwn(target)
                    ? _summaries.Of(target, parameter.Ordinal, isClosed, _graph)
                    : CloseSummary.Nothing;
            }
        }
    }

    // Whether an expression is the connection, under any of its names.
    private bool IsVariable(IOperation? operation)
    {
        for (int i = 0; operation is not null && i < 8; i++)
        {
            switch (operation)
            {
                case IParameterReferenceOperation { Parameter: var parameter }:
                    return SymbolEqualityComparer.Default.Equals(parameter, _variable);
                case ILocalReferenceOperation { Local: var local }:
                    operation = _aliases.TryGetValue(local, out IOperation? value) ? value : null;
                    break;
                case IFlowCaptureReferenceOperation { Id: var id }:
                    operation = _captures.TryGetValue(id, out IOperation? captured) ? captured : null;
                    break;
                case IConversionOperation { Operand: var operand }:
                    operation = operand;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private static IReadOnlyCollection<CloseFact> Close(
        IReadOnlyCollection<CloseFact> facts, string closer) =>
        Distinct(facts.Select(fact => fact.Closed(closer)));

    private static IReadOnlyCollection<CloseFact> Distinct(IEnumerable<CloseFact?> facts)
    {
        var found = new Dictionary<string, CloseFact>();
        foreach (CloseFact? fact in facts)
        {
            if (fact is not null)
            {
                found[fact.Key] = fact;
            }
        }

        return found.Values;
    }
}
