using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Follows lent memory through one method: the spans over it and the references into it, which the compiler
/// keeps from leaving, and the addresses that are made of them, which it does not. What a variable has ever
/// held it holds: the order of statements is not looked at.
/// </summary>
internal sealed partial class LentWalker
{
    // A pass more than there are variables would change nothing; no method needs as many.
    private const int MaxPasses = 16;

    private readonly LentFlows _flows;
    private readonly IMethodSymbol _method;
    private readonly ImmutableArray<IOperation> _roots;
    private readonly LentSource _source;
    private readonly Substitution _substitution;
    private readonly LentFlow _flow = new();

    // Variables whose value is an address of lent memory, or holds one, or is a span over it.
    private readonly HashSet<ISymbol> _held = new(SymbolEqualityComparer.Default);

    // Variables by reference that are places in it. What is read from them is no address.
    private readonly HashSet<ISymbol> _places = new(SymbolEqualityComparer.Default);

    // Functions within the method that return such an address.
    private readonly HashSet<ISymbol> _returning = new(SymbolEqualityComparer.Default);
    private bool _isThisHeld;
    private bool _changed;

    public LentWalker(
        LentFlows flows, IMethodSymbol method, ImmutableArray<IOperation> roots, LentSource source)
    {
        _flows = flows;
        _method = CallTargets.Definition(method);
        _roots = roots;
        _source = source;
        _substitution = flows.Targets.SubstitutionOf(method);
    }

    public LentFlow Walk()
    {
        Begin();
        int passes = 0;
        do
        {
            _changed = false;
            _flow.Escapes.Clear();
            foreach (IOperation root in _roots)
            {
                Visit(root);
            }
        }
        while (_changed && ++passes < MaxPasses);

        AddPrimary();
        AddLaterUse();
        return _flow;
    }

    private void Begin()
    {
        if (_source.Ordinal == LentSource.Receiver)
        {
            _isThisHeld = !_source.IsPlace;
        }
        else if (_source.Ordinal >= 0 && _source.Ordinal < _method.Parameters.Length)
        {
            IParameterSymbol parameter = _method.Parameters[_source.Ordinal];
            (_source.IsPlace ? _places : _held).Add(parameter);
        }
    }

    // The parameters of a primary constructor, and of a record's, become fields where a member needs them.
    private void AddPrimary()
    {
        if (_method.MethodKind == MethodKind.Constructor
            && _source is { IsPlace: false, Ordinal: >= 0 }
            && _source.Ordinal < _method.Parameters.Length
            && _method.DeclaringSyntaxReferences.Any(
                static reference => reference.GetSyntax() is TypeDeclarationSyntax))
        {
            INamedTypeSymbol type = _method.ContainingType;
            Location location = _method.Parameters[_source.Ordinal].Locations[0];
            KeepInInstance(type, new Escape(location, $"An object of {Escape.Name(type)} keeps"));
        }
    }

    private void Visit(IOperation operation)
    {
        _flows.Cancellation.ThrowIfCancellationRequested();
        switch (operation)
        {
            case INameOfOperation:
                return;
            case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator:
                Assign(declarator.Symbol, value);
                break;
            case IVariableDeclaratorOperation { Symbol: var symbol, Parent: IForEachLoopOperation loop }:
                AssignElement(symbol, loop);
                break;
            case ISimpleAssignmentOperation { IsRef: true } assignment:
                AssignReference(assignment);
                break;
            case ICompoundAssignmentOperation { OperatorMethod: { } method } compound
                when _flows.Targets.IsOwn(method):
                VisitCompound(method, compound);
                break;
            case IAssignmentOperation and not IDeconstructionAssignmentOperation:
                VisitAssignment((IAssignmentOperation)operation);
                break;
            case IDeconstructionAssignmentOperation assignment:
                Deconstruct(assignment.Target, assignment.Value);
                break;
            case IDeclarationPatternOperation { DeclaredSymbol: { } symbol } pattern:
                AssignMatched(symbol, pattern);
                break;
            case IInvocationOperation call:
                VisitCall(call);
                break;
            case IBinaryOperation { OperatorMethod: { } method } binary:
                VisitOperator(method, binary.LeftOperand, binary.RightOperand);
                break;
            case IUnaryOperation { OperatorMethod: { } method } unary:
                VisitOperator(method, unary.Operand);
                break;
            case IConversionOperation { OperatorMethod: { } method } conversion:
                VisitOperator(method, conversion.Operand);
                break;
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                VisitArguments(constructor, creation.Arguments, creation);
                break;
            case IFunctionPointerInvocationOperation call:
                VisitFunctionPointer(call);
                break;
            case IEventAssignmentOperation { HandlerValue: var handler } when Holds(handler):
                Add(handler, "The event keeps, in its handler,");
                break;
            case IReturnOperation { ReturnedValue: { } value }:
                VisitReturn(operation, value);
                break;
            default:
                break;
        }

        foreach (IOperation child in operation.ChildOperations)
        {
            Visit(child);
        }
    }

    private void VisitReturn(IOperation operation, IOperation value)
    {
        IOperation? at = operation.Parent;
        while (at is not null and not IAnonymousFunctionOperation and not ILocalFunctionOperation)
        {
            at = at.Parent;
        }

        if (!Holds(value) && !IsPlace(value))
        {
            return;
        }

        switch (at)
        {
            case IAnonymousFunctionOperation { Symbol: var lambda }:
                Mark(_returning, lambda);
                break;
            case ILocalFunctionOperation { Symbol: var function }:
                Mark(_returning, function);
                break;
            default:
                _flow.Returns = true;
                break;
        }
    }

    private void Mark(HashSet<ISymbol> symbols, ISymbol symbol) => _changed |= symbols.Add(symbol);

    private void Add(IOperation value, string keeps) => Add(new Escape(LocationOf(value), keeps));

    private void Add(Escape escape)
    {
        if (!_flow.Escapes.Any(known => known.Location == escape.Location))
        {
            _flow.Escapes.Add(escape);
        }
    }
}
