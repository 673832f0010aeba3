using System.Collections.Generic;
using System.Linq;

namespace Gain.Generators.Models;

/// <summary>All that the emitted file of one protocol depends on.</summary>
/// <param name="HintName">The emitted file's name, unique in the compilation.</param>
/// <param name="Namespace">The namespace as source text; empty for the global one.</param>
/// <param name="Parents">The types that the struct is nested in, outermost first.</param>
/// <param name="Self">The struct.</param>
/// <param name="WorkerParameter">A type parameter's name that none of the types above has.</param>
/// <param name="Callbacks">The callbacks to call, at most one of a kind, in the order of the kinds.</param>
/// <param name="Framing">The framing, if one is declared.</param>
/// <param name="HasSendFrame">Whether to add <c>SendFrame</c>, that is, nothing has its name.</param>
/// <param name="HasFrameWriter">Whether to add <c>BeginFrame</c> and what belongs to it.</param>
internal sealed record ProtocolModel(
    string HintName,
    string Namespace,
    EquatableArray<TypeModel> Parents,
    TypeModel Self,
    string WorkerParameter,
    EquatableArray<CallbackModel> Callbacks,
    FramingModel? Framing,
    bool HasSendFrame,
    bool HasFrameWriter)
{
    /// <summary>The types of which each worker has an instance, in the order of their indices.</summary>
    public IEnumerable<string> PerWorkerTypes =>
        Callbacks.SelectMany(static callback => callback.Arguments)
            .Select(static argument => argument.PerWorker)
            .OfType<PerWorkerModel>()
            .OrderBy(static perWorker => perWorker.Index)
            .Select(static perWorker => perWorker.Type)
            .Distinct();

    /// <summary>The type of the messages that are posted, if there are any.</summary>
    public string? MessageType =>
        Find(CallbackKind.Message)?.Arguments
            .Select(static argument => argument.MessageType)
            .FirstOrDefault(static type => type is not null);

    /// <summary>The callback of one kind, if it is declared.</summary>
    public CallbackModel? Find(CallbackKind kind)
    {
        foreach (CallbackModel callback in Callbacks)
        {
            if (callback.Kind == kind)
            {
                return callback;
            }
        }

        return null;
    }
}
