using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>What the compiler calls by a pattern of names: to dispose, to pin and to wait.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitUsing(IUsingOperation operation)
    {
        AddDisposal(operation.Resources, operation.IsAsynchronous);
        base.VisitUsing(operation);
    }

    public override void VisitUsingDeclaration(IUsingDeclarationOperation operation)
    {
        AddDisposal(operation.DeclarationGroup, operation.IsAsynchronous);
        base.VisitUsingDeclaration(operation);
    }

    public override void VisitVariableDeclarator(IVariableDeclaratorOperation operation)
    {
        // Of 'fixed (T* p = x)', the method of x's that gives the reference.
        if (operation is
            {
                Syntax: VariableDeclaratorSyntax
                {
                    Initializer.Value: { } value, Parent.Parent: FixedStatementSyntax,
                },
                SemanticModel: { } model,
            }
            && model.GetTypeInfo(value, _cancellation).Type is { } pinned)
        {
            AddOwn(FindMethod(pinned, "GetPinnableReference"), operation);
        }

        base.VisitVariableDeclarator(operation);
    }

    public override void VisitAwait(IAwaitOperation operation)
    {
        // The members of an awaitable of one's own; what the framework's do is a matter of the async method.
        if (operation.Syntax is AwaitExpressionSyntax syntax && operation.SemanticModel is { } model)
        {
            AwaitExpressionInfo info = model.GetAwaitExpressionInfo(syntax);
            AddOwn(info.GetAwaiterMethod, operation);
            if (info.GetAwaiterMethod is { IsExtensionMethod: true } extension)
            {
                // That of an interface boxes a struct that is waited for.
                AddBoxing(
                    operation.Operation.Type,
                    (extension.ReducedFrom ?? extension).Parameters[0].Type,
                    operation);
            }

            AddOwn(info.IsCompletedProperty?.GetMethod, operation);
            AddOwn(info.GetResultMethod, operation);
        }

        if (_types.IsOfSession(FunctionAround(operation)) && !_types.IsWait(operation.Operation.Type))
        {
            VisitAwayTime(operation);
            return;
        }

        base.VisitAwait(operation);
    }

    // A session that awaits something else than its connection is away, which costs some objects in any case:
    // what stands there may allocate, and may not block.
    private void VisitAwayTime(IAwaitOperation operation)
    {
        IOperation? outer = _throwPath;
        _throwPath ??= operation;
        base.VisitAwait(operation);
        _throwPath = outer;
    }

    private IMethodSymbol FunctionAround(IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case ILocalFunctionOperation local:
                    return local.Symbol;
                case IAnonymousFunctionOperation lambda:
                    return lambda.Symbol;
            }
        }

        return _method;
    }

    private void AddDisposal(IOperation resources, bool isAsynchronous)
    {
        ITypeSymbol? type = resources switch
        {
            IVariableDeclarationGroupOperation { Declarations: [{ Declarators: [{ } first, ..] }, ..] } =>
                first.Symbol.Type,
            _ => resources.Type,
        };
        if (type is null)
        {
            return;
        }

        string name = isAsynchronous ? "DisposeAsync" : "Dispose";
        ISymbol? dispose = null;
        INamedTypeSymbol? contract = isAsynchronous ? _types.AsyncDisposable : _types.Disposable;
        if (contract?.GetMembers(name) is [IMethodSymbol declared])
        {
            dispose = type.TypeKind is TypeKind.Interface or TypeKind.TypeParameter
                ? declared
                : type.FindImplementationForInterfaceMember(declared);
        }

        dispose ??= FindMethod(type, name);
        if (dispose is IMethodSymbol method)
        {
            bool isVirtual = method.IsAbstract || method.IsVirtual || method.IsOverride;
            AddCall(method, resources, type, isVirtual);
        }
    }

    // One that the language finds by its name.
    private static IMethodSymbol? FindMethod(ITypeSymbol type, string name)
    {
        foreach (ISymbol member in type.GetMembers(name))
        {
            if (member is IMethodSymbol { Parameters.IsEmpty: true } method)
            {
                return method;
            }
        }

        return null;
    }
}
