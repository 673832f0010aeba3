using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Gain.KnowledgeBuilder;

/// <summary>The types and methods of a directory of assemblies.</summary>
internal sealed class Library : IDisposable
{
    private readonly List<PEReader> _files = [];
    private readonly Dictionary<(string Assembly, string Name), TypeNode> _types = [];
    private readonly Dictionary<string, TypeNode> _visible = [];
    private readonly Dictionary<(MetadataReader, EntityHandle), TypeNode?> _resolved = [];
    private readonly Dictionary<(MetadataReader, MethodDefinitionHandle), MethodNode> _methods = [];
    private readonly Dictionary<(MetadataReader, EntityHandle), MethodNode?> _members = [];

    public Library(DirectoryInfo directory)
    {
        foreach (FileInfo file in directory.EnumerateFiles("*.dll")
            .OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var image = new PEReader(file.OpenRead());
            _files.Add(image);
            if (image.HasMetadata)
            {
                AddTypes(image.GetMetadataReader());
            }
        }

        foreach (PEReader image in _files.Where(image => image.HasMetadata))
        {
            MetadataReader reader = image.GetMetadataReader();
            foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
            {
                AddBases(reader, handle);
            }

            foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
            {
                AddMethods(image, reader, handle);
            }
        }
    }

    public IEnumerable<TypeNode> Types => _types.Values;

    public IEnumerable<MethodNode> Methods => _methods.Values;

    /// <summary>The method that a token names, or null when it is not in the directory.</summary>
    public MethodNode? Resolve(MetadataReader reader, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodDefinition:
                return _methods.GetValueOrDefault((reader, (MethodDefinitionHandle)handle));
            case HandleKind.MethodSpecification:
                return Resolve(
                    reader, reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MemberReference:
                if (!_members.TryGetValue((reader, handle), out MethodNode? member))
                {
                    _members[(reader, handle)] = member = Find(reader, (MemberReferenceHandle)handle);
                }

                return member;
            default:
                return null;
        }
    }

    /// <summary>The type that a token names, or null: an array, a type parameter, a pointer.</summary>
    public TypeNode? ResolveType(MetadataReader reader, EntityHandle handle)
    {
        if (_resolved.TryGetValue((reader, handle), out TypeNode? known))
        {
            return known;
        }

        TypeNode? found = handle.Kind switch
        {
            HandleKind.TypeDefinition =>
                Find(reader, DocumentationNames.NameOf(reader, (TypeDefinitionHandle)handle)),
            HandleKind.TypeReference =>
                Find(reader, DocumentationNames.NameOf(reader, (TypeReferenceHandle)handle)),
            HandleKind.TypeSpecification => Generic(reader, (TypeSpecificationHandle)handle),
            _ => null,
        };
        _resolved[(reader, handle)] = found;
        return found;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private MethodNode? Find(MetadataReader reader, MemberReferenceHandle handle)
    {
        MemberReference member = reader.GetMemberReference(handle);
        MethodSignature<string> signature = member.DecodeMethodSignature(DocumentationNames.Instance, null);
        string id = DocumentationNames.MemberId(
            reader.GetString(member.Name), signature.GenericParameterCount, signature);
        for (TypeNode? type = ResolveType(reader, member.Parent); type is not null; type = type.Base)
        {
            if (type.Methods.TryGetValue(id, out MethodNode? found))
            {
                return found;
            }
        }

        return null;
    }

    private TypeNode? Generic(MetadataReader reader, TypeSpecificationHandle handle)
    {
        BlobReader blob = reader.GetBlobReader(reader.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        blob.ReadByte();
        return ResolveType(reader, blob.ReadTypeHandle());
    }

    // Names are unique among what assemblies show to each other; internal ones belong to their assembly.
    private TypeNode? Find(MetadataReader reader, string name) =>
        _types.GetValueOrDefault((AssemblyName(reader), name)) ?? _visible.GetValueOrDefault(name)
        ?? _types.GetValueOrDefault(("System.Private.CoreLib", name));

    private static string AssemblyName(MetadataReader reader) =>
        reader.GetString(reader.GetAssemblyDefinition().Name);

    private void AddTypes(MetadataReader reader)
    {
        string assembly = AssemblyName(reader);
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string name = DocumentationNames.NameOf(reader, handle);
            var node = new TypeNode(name, SpaceOf(reader, type), assembly, type.Attributes)
            {
                IsVisible = IsVisible(reader, type),
            };
            _types[(assembly, name)] = node;
            if (node.IsVisible)
            {
                _visible[name] = node;
            }
        }
    }

    private static string SpaceOf(MetadataReader reader, TypeDefinition type) =>
        type.GetDeclaringType() is { IsNil: false } outer
            ? SpaceOf(reader, reader.GetTypeDefinition(outer))
            : reader.GetString(type.Namespace);

    private static bool IsVisible(MetadataReader reader, TypeDefinition type) =>
        (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
                IsVisible(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
            _ => false,
        };

    private void AddBases(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        TypeNode node = ResolveType(reader, handle)!;
        if (!type.BaseType.IsNil && ResolveType(reader, type.BaseType) is { } parent)
        {
            node.Base = parent;
            node.IsValueType = parent.Name is "System.ValueType" or "System.Enum"
                && node.Name != "System.Enum";
            parent.Derived.Add(node);
        }

        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
        {
            if (ResolveType(reader, reader.GetInterfaceImplementation(implemented).Interface) is { } face)
            {
                node.Interfaces.Add(face);
                face.Derived.Add(node);
            }
        }
    }

    private void AddMethods(PEReader image, MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeNode type = ResolveType(reader, handle)!;
        foreach (MethodDefinitionHandle methodHandle in reader.GetTypeDefinition(handle).GetMethods())
        {
            MethodDefinition method = reader.GetMethodDefinition(methodHandle);
            MethodSignature<string> signature = method.DecodeSignature(DocumentationNames.Instance, null);
            string name = reader.GetString(method.Name);
            HashSet<string> attributes = [.. AttributesOf(reader, method)];
            var node = new MethodNode(
                type,
                name,
                DocumentationNames.MemberId(name, signature.GenericParameterCount, signature),
                signature.ParameterTypes.Length)
            {
                Attributes = method.Attributes,
                Implementation = method.ImplAttributes,
                ReturnsReference = IsReference(reader, signature.ReturnType),
                TakesObjectHandle = signature.ParameterTypes.Any(
                    parameter => parameter.Contains("OnStack", StringComparison.Ordinal)),
                IsIntrinsic = attributes.Contains("IntrinsicAttribute"),
                IsAsync = attributes.Contains("AsyncStateMachineAttribute"),
                HasBody = method.RelativeVirtualAddress != 0,
                NeverReturns = attributes.Contains("DoesNotReturnAttribute"),
            };
            if (node.HasBody)
            {
                node.Flow = new FlowGraph(reader, image.GetMethodBody(method.RelativeVirtualAddress));
            }

            type.Methods[node.Id] = node;
            _methods[(reader, methodHandle)] = node;
        }
    }

    private bool IsReference(MetadataReader reader, string type) =>
        !type.EndsWith('*') && !type.EndsWith('@')
        && (type.EndsWith(']') || type is "System.String" or "System.Object"
            || (!type.StartsWith("System.Void", StringComparison.Ordinal)
                && Find(reader, type) is { IsValueType: false }));

    private static IEnumerable<string> AttributesOf(MetadataReader reader, MethodDefinition method)
    {
        foreach (CustomAttributeHandle handle in method.GetCustomAttributes())
        {
            EntityHandle constructor = reader.GetCustomAttribute(handle).Constructor;
            if (constructor.Kind == HandleKind.MemberReference
                && reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is
                    { Kind: HandleKind.TypeReference } parent)
            {
                yield return reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name);
            }
            else if (constructor.Kind == HandleKind.MethodDefinition)
            {
                TypeDefinitionHandle declaring =
                    reader.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType();
                yield return reader.GetString(reader.GetTypeDefinition(declaring).Name);
            }
        }
    }
}
