//! A layer's weights, and those of the layers that it is made of.

use std::sync::atomic::Ordering::Relaxed;

use yhat_tensor::{Array, Tensor, Variable};

use super::AnyLayer;
use crate::{Error, Result, layers::assign};

impl AnyLayer {
    /// The weights, in the order in which they were made; those of a layer used twice appear once.
    ///
    /// # Errors
    /// If there are none yet, because the layer has not seen the shape of its input.
    pub fn weights(&self) -> Result<Vec<Variable>> {
        let mut all: Vec<Variable> = Vec::new();
        for layer in self.flattened() {
            let weights = layer.lock().clone().ok_or_else(|| layer.unbuilt())?;
            let new: Vec<_> = weights.variables().filter(|v| !all.contains(v)).cloned().collect();
            all.extend(new);
        }
        Ok(all)
    }

    fn unbuilt(&self) -> Error {
        match self.held() {
            Some(error) => error,
            None => Error::State {
                what: format!("layer '{}' ({})", self.name(), self.kind()),
                needs: "has no weights yet: they are made when it first sees data or is told the shape of its input, \
                        with input_shape(...) or build(...)"
                    .into(),
            },
        }
    }

    /// The weights that training changes: those of layers that are not frozen.
    ///
    /// # Errors
    /// As [`AnyLayer::weights`].
    pub fn trainable_weights(&self) -> Result<Vec<Variable>> {
        let weights = self.weights()?;
        let trained = self.trained(&|layer| layer.trainable());
        Ok(weights.into_iter().filter(|v| trained.contains(v)).collect())
    }

    /// The weights that training leaves alone.
    ///
    /// # Errors
    /// As [`AnyLayer::weights`].
    pub fn non_trainable_weights(&self) -> Result<Vec<Variable>> {
        let trained = self.trainable_weights()?;
        Ok(self.weights()?.into_iter().filter(|v| !trained.contains(v)).collect())
    }

    /// The trainable variables of all layers for which `trainable` holds from the outermost in.
    pub(crate) fn trained(&self, trainable: &dyn Fn(&AnyLayer) -> bool) -> Vec<Variable> {
        if !trainable(self) {
            return Vec::new();
        }
        let own = self.lock().clone();
        let own = own.iter().flat_map(|w| w.variables().filter(|v| v.trainable()).cloned().collect::<Vec<_>>());
        own.chain(self.layers().iter().flat_map(|l| l.trained(trainable))).collect()
    }

    /// What the weights could have started as, drawn in the order in which layers are built.
    pub(crate) fn redrawn(&self) -> Result<Vec<(Variable, Array)>> {
        let mut all: Vec<(Variable, Array)> = Vec::new();
        for layer in self.flattened() {
            let weights = layer.lock().clone().ok_or_else(|| layer.unbuilt())?;
            if weights.variables().all(|v| all.iter().all(|(other, _)| other != v)) {
                all.extend(weights.redrawn().collect::<Result<Vec<_>>>()?);
            }
        }
        Ok(all)
    }

    /// The weights' values.
    ///
    /// # Errors
    /// As [`AnyLayer::weights`].
    pub fn get_weights(&self) -> Result<Vec<Array>> {
        Ok(self.weights()?.iter().map(Variable::value).collect())
    }

    /// Gives the weights other values, in the order of [`AnyLayer::weights`], cast to the weights' type.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let l1 = Dense::new(1).input_shape(2);
    /// l1.build(2)?;
    /// l1.set_weights([Array::from([[-3.0], [-1.0]]), Array::from([0.0])])?;
    /// assert_eq!(l1.get_weights()?[0].to_vec(), [-3.0, -1.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If their number or a shape differs; then nothing has changed.
    pub fn set_weights<A: Into<Array>>(&self, values: impl IntoIterator<Item = A>) -> Result<()> {
        let values = values.into_iter().map(Into::into).collect();
        assign(&format!("layer '{}'", self.name()), &self.weights()?, values)
    }

    /// Draws all weights anew from this thread's stream, in the order in which they were first drawn: what a new layer
    /// like this one would start with. The variables stay; a layer that has no weights yet gets none.
    pub(crate) fn redraw(&self) -> Result<()> {
        let own = |layer: &AnyLayer| layer.lock().clone();
        let mut built: Vec<_> = self.flattened().into_iter().filter_map(|l| own(&l).map(|w| (l, w))).collect();
        // Variables are numbered as they are made. (A layer that is used twice was made once.)
        built.sort_by_key(|(_, weights)| weights.variables().next().map(Variable::id));
        built.dedup_by(|a, b| a.0.same(&b.0));
        for (layer, weights) in built {
            let drawn = layer.drawn(weights.input()).map_err(|e| e.inside(&layer))?;
            for (variable, new) in weights.variables().zip(drawn.variables()) {
                variable.assign(new.value())?;
            }
        }
        Ok(())
    }

    /// How many numbers the weights hold.
    ///
    /// # Errors
    /// As [`AnyLayer::weights`].
    pub fn count_params(&self) -> Result<usize> {
        Ok(self.weights()?.iter().map(|v| v.shape().size()).sum())
    }

    /// The penalties of regularized weights, one scalar each: Keras's `layer.losses`.
    ///
    /// # Errors
    /// If a regularizer makes a wrong expression.
    pub fn losses(&self) -> Result<Vec<Tensor>> {
        let mut losses = Vec::new();
        for layer in self.flattened() {
            let weights = layer.lock().clone();
            for loss in weights.iter().flat_map(|w| w.losses()) {
                losses.push(loss.map_err(|e| e.inside(&layer))?);
            }
        }
        Ok(losses)
    }

    /// Whether training may change the weights.
    pub fn trainable(&self) -> bool {
        self.0.core.trainable.load(Relaxed)
    }

    /// Freezes (`false`) or frees the layer and all that it is made of. As in Keras, a net takes notice when it is
    /// compiled.
    pub fn set_trainable(&self, trainable: bool) {
        self.0.core.trainable.store(trainable, Relaxed);
        self.layers().iter().for_each(|l| l.set_trainable(trainable));
    }
}
