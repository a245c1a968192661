//! What every kind of layer that comes with the library has.

/// Makes the handle `$name` of the layer whose settings are a `$settings`.
macro_rules! layer_type {
    ($(#[$doc:meta])* $name:ident, $settings:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name($crate::layers::AnyLayer);

        impl $name {
            /// The name, instead of the one given automatically.
            pub fn named(self, name: impl Into<String>) -> Self {
                let name = name.into();
                Self(self.0.edited(|core, _: &mut $settings| core.rename(stringify!($name), name)))
            }

            /// One row's shape (without the axis of rows), so that the weights are made as soon as a net has the layer.
            pub fn input_shape(self, row: impl Into<yhat_tensor::Shape>) -> Self {
                let row = row.into();
                Self(self.0.edited(|core, _: &mut $settings| core.input_shape = Some(row)))
            }

            /// The type that the layer works in and makes its weights of, instead of [`floatx`](crate::floatx).
            pub fn with_dtype(self, dtype: yhat_tensor::DType) -> Self {
                Self(self.0.edited(|core, _: &mut $settings| core.set_dtype(dtype)))
            }

            /// Whether training may change the weights; see [`AnyLayer::set_trainable`](crate::layers::AnyLayer::set_trainable).
            pub fn with_trainable(self, trainable: bool) -> Self {
                Self(self.0.edited(|core, _: &mut $settings| core.trainable = trainable.into()))
            }

            /// A penalty on what the layer puts out, the mean over rows, that is added to the loss.
            pub fn activity_regularizer(self, regularizer: impl Into<$crate::regularizers::Regularizer>) -> Self {
                let regularizer = regularizer.into();
                Self(self.0.edited(|core, _: &mut $settings| {
                    core.note(regularizer.check().err());
                    core.activity_regularizer = Some(regularizer);
                }))
            }

            /// The handle without its kind, for lists of layers of several kinds.
            pub fn any(&self) -> $crate::layers::AnyLayer {
                self.0.clone()
            }
        }

        impl std::ops::Deref for $name {
            type Target = $crate::layers::AnyLayer;
            fn deref(&self) -> &$crate::layers::AnyLayer {
                &self.0
            }
        }
        impl From<$name> for $crate::layers::AnyLayer {
            fn from(layer: $name) -> Self {
                layer.0
            }
        }
        impl From<&$name> for $crate::layers::AnyLayer {
            fn from(layer: &$name) -> Self {
                layer.0.clone()
            }
        }
        impl PartialEq<$crate::layers::AnyLayer> for $name {
            fn eq(&self, other: &$crate::layers::AnyLayer) -> bool {
                self.0.same(other)
            }
        }
        impl PartialEq<$name> for $crate::layers::AnyLayer {
            fn eq(&self, other: &$name) -> bool {
                self.same(&other.0)
            }
        }
    };
}
pub(super) use layer_type;
